import type { Connect, QoS, Sender } from '../wire/packet.ts'

export type LimitName = 'receiveMaximum' | 'maximumQoS' | 'retainAvailable' | 'maximumPacketSize' | 'topicAliasMaximum'

/** What one side accepts from the other; below MQTT 5 nobody can say, and the defaults hold. */
export interface PublishLimits {
  /** QoS 1 and 2 messages that may wait for their acknowledgement at once. */
  readonly receiveMaximum: number
  readonly maximumQoS: QoS
  readonly retainAvailable: boolean
  /** Bytes of a whole packet; undefined when there is no limit. */
  readonly maximumPacketSize?: number
  /** 0 means no aliases. */
  readonly topicAliasMaximum: number
}

/** What a limit looks at in a PUBLISH. */
export interface MeasuredPublish {
  readonly qos: QoS
  readonly retain: boolean
  /** The packet whole, fixed header included. */
  readonly packetBytes: number
  readonly topicAlias?: number
}

export interface LimitProblem {
  readonly limit: LimitName
  readonly rule: string
  readonly message: string
}

export const noLimits: PublishLimits = {
  receiveMaximum: 65_535,
  maximumQoS: 2,
  retainAvailable: true,
  topicAliasMaximum: 0,
}

/** A client cannot limit QoS or retain, only how much it takes. */
export function clientLimits(connect: Connect): PublishLimits {
  const { receiveMaximum, maximumPacketSize, topicAliasMaximum } = connect.properties
  return {
    ...noLimits,
    receiveMaximum: receiveMaximum ?? noLimits.receiveMaximum,
    topicAliasMaximum: topicAliasMaximum ?? 0,
    ...(maximumPacketSize === undefined ? {} : { maximumPacketSize }),
  }
}

export function qosProblem(limits: PublishLimits, publish: MeasuredPublish): LimitProblem | undefined {
  if (publish.qos <= limits.maximumQoS) return undefined
  return {
    limit: 'maximumQoS',
    rule: '[MQTT-3.2.2-11]',
    message: `QoS ${publish.qos} is above the server's Maximum QoS of ${limits.maximumQoS}`,
  }
}

export function retainProblem(limits: PublishLimits, publish: MeasuredPublish): LimitProblem | undefined {
  if (!publish.retain || limits.retainAvailable) return undefined
  return {
    limit: 'retainAvailable',
    rule: '[MQTT-3.2.2-14]',
    message: 'the message asks to be retained, and the server keeps no retained messages',
  }
}

/** Holds for every packet, not only PUBLISH. */
export function sizeProblem(limits: PublishLimits, sender: Sender, packetBytes: number): LimitProblem | undefined {
  if (limits.maximumPacketSize === undefined || packetBytes <= limits.maximumPacketSize) return undefined
  return {
    limit: 'maximumPacketSize',
    rule: sender === 'client' ? '[MQTT-3.2.2-15]' : '[MQTT-3.1.2-24]',
    message: `the packet of ${packetBytes} bytes is above the Maximum Packet Size of ${limits.maximumPacketSize}`,
  }
}

export function aliasProblem(
  limits: PublishLimits,
  sender: Sender,
  topicAlias: number | undefined,
): LimitProblem | undefined {
  const maximum = limits.topicAliasMaximum
  if (topicAlias === undefined || topicAlias <= maximum) return undefined
  const none = sender === 'client' ? '[MQTT-3.2.2-18]' : '[MQTT-3.1.2-27]'
  const above = sender === 'client' ? '[MQTT-3.2.2-17]' : '[MQTT-3.1.2-26]'
  return {
    limit: 'topicAliasMaximum',
    rule: maximum === 0 ? none : above,
    message: `topic alias ${topicAlias} is above the Topic Alias Maximum of ${maximum}`,
  }
}
