import type { Connect, Disconnect, Properties, Publish, QoS } from '../../protocol/wire/packet.ts'

/** What aedes calls a packet, as far as we look at it. It copies the fields that it knows, the properties by reference. */
export interface AedesPublish {
  readonly cmd: 'publish'
  readonly topic: string
  readonly payload: Buffer
  readonly qos: number
  readonly retain: boolean
  readonly dup: boolean
  /** Who published. */
  readonly clientId?: string
  /** The subscription that this copy is for does not want messages of its own client. */
  readonly nl?: boolean
  /** Null on a retained message for a new subscription. */
  readonly brokerId?: string | null
  /** Counts messages; all copies of one message have the same. */
  readonly brokerCounter?: number
  readonly properties?: Carrier
}

/**
 * What rides through aedes in the place of MQTT 5 properties: the message as the publisher sent it. mqtt-packet keeps
 * user properties in an object, which loses their order and some of the duplicates [MQTT-3.3.2-18], and aedes forgets
 * the retain flag of the original. The two intervals are what aedes itself has to know.
 */
interface Carrier {
  readonly publish: Publish
  readonly messageExpiryInterval?: number
  readonly willDelayInterval?: number
}

const noProperties: Properties = {}

/** `willDelaySeconds` only for a will. */
export function toAedes(publish: Publish, clientId: string, willDelaySeconds?: number): AedesPublish {
  const { messageExpiryInterval } = publish.properties
  return {
    cmd: 'publish',
    topic: publish.topic,
    payload: asBuffer(publish.payload),
    qos: publish.qos,
    retain: publish.retain,
    dup: false, // never passed on [MQTT-3.3.1-3]
    clientId,
    properties: {
      publish,
      ...(messageExpiryInterval === undefined ? {} : { messageExpiryInterval }),
      ...(willDelaySeconds === undefined ? {} : { willDelayInterval: willDelaySeconds }),
    },
  }
}

/** The message as it was published. aedes writes some of its own, under $SYS, without a carrier. */
export function fromAedes(packet: AedesPublish): Publish {
  const carried = packet.properties?.publish
  return {
    type: 'publish',
    topic: packet.topic,
    payload: packet.payload,
    qos: packet.qos as QoS,
    retain: carried?.retain ?? packet.retain,
    dup: false,
    properties: propertiesOf(packet.properties),
  }
}

function propertiesOf(carrier: Carrier | undefined): Properties {
  if (carrier?.publish === undefined) return noProperties
  const { messageExpiryInterval } = carrier // less than published, on a retained message that was kept for a while
  if (messageExpiryInterval === undefined) return carrier.publish.properties
  return { ...carrier.publish.properties, messageExpiryInterval }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * CONNECT as aedes gets it: who, with which session and which will. Keep alive, limits and enhanced authentication are
 * the gate's.
 */
export function connectForAedes(connect: Connect): Connect {
  const { sessionExpiryInterval } = connect.properties
  const { will, ...rest } = connect
  return {
    ...rest,
    keepAliveSeconds: 0,
    properties: sessionExpiryInterval === undefined ? noProperties : { sessionExpiryInterval },
    ...(will === undefined ? {} : { will: { ...will, properties: noProperties } }),
  }
}

export function willForAedes({ will, clientId }: Connect): AedesPublish | undefined {
  if (will === undefined) return undefined
  const { willDelayInterval, ...properties } = will.properties
  return toAedes({ type: 'publish', dup: false, ...will, properties }, clientId, willDelayInterval)
}

/** 4 asks for the will, everything else is a client that goes. */
export function disconnectForAedes({ reasonCode, properties }: Disconnect): Disconnect {
  const { sessionExpiryInterval } = properties
  return {
    type: 'disconnect',
    reasonCode: reasonCode === 4 ? 4 : 0,
    properties: sessionExpiryInterval === undefined ? noProperties : { sessionExpiryInterval },
  }
}
