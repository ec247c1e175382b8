import { isFailure } from '../protocol/reason-code.ts'
import { describeReason } from '../protocol/reason-codes.ts'
import { redacted } from '../protocol/redacted.ts'
import type {
  Connect,
  Packet,
  PacketType,
  ProtocolVersion,
  Publish,
  Subscribe,
  SubscriptionRequest,
  Will,
} from '../protocol/wire/packet.ts'
import { payloadPreview } from './payload-preview.ts'
import { propertiesText } from './properties-text.ts'
import { quoted } from './quoted.ts'
import type { Theme } from './theme.ts'

/** What earlier packets say about this one. */
export interface PacketContext {
  /** The topic that a lone topic alias stands for. */
  readonly topic?: string
  /** The filters that SUBACK or UNSUBACK answers. */
  readonly filters?: readonly string[]
}

const nameColumns = 'UNSUBSCRIBE'.length

/** A packet on one line: its name and what is in it, safe on a terminal and without secrets. */
export function packetLine(
  packet: Packet,
  version: ProtocolVersion,
  theme: Theme,
  context: PacketContext = {},
): string {
  const name = theme.packet(packet.type.toUpperCase().padEnd(nameColumns))
  const properties = 'properties' in packet ? propertiesText(packet.properties) : []
  const fields = [...packetFields(packet, version, theme, context), ...properties.map((text) => theme.muted(text))]
  return [name, ...fields].join(' ').trimEnd()
}

function packetFields(packet: Packet, version: ProtocolVersion, theme: Theme, context: PacketContext): string[] {
  switch (packet.type) {
    case 'connect':
      return connectFields(packet)
    case 'connack':
      return [
        reasonText(packet.type, version, packet.reasonCode, theme),
        ...flags({ 'session-present': packet.sessionPresent }),
      ]
    case 'publish':
      return publishFields(packet, theme, context)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return [`mid=${packet.packetId}`, ...flags({ dup: packet.dup }), ...reasonOf5(packet, version, theme)]
    case 'subscribe':
      return [`mid=${packet.packetId}`, ...flags({ dup: packet.dup }), subscriptionsText(packet, theme)]
    case 'unsubscribe':
      return [`mid=${packet.packetId}`, ...flags({ dup: packet.dup }), packet.filters.map(quoted).join(', ')]
    case 'suback':
    case 'unsuback':
      return [`mid=${packet.packetId}`, answersText(packet, version, theme, context.filters ?? [])]
    case 'disconnect':
    case 'auth':
      return reasonOf5(packet, version, theme)
    case 'pingreq':
    case 'pingresp':
      return []
  }
}

const versionNames: Readonly<Record<ProtocolVersion, string>> = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5' }

function connectFields(packet: Connect): string[] {
  return [
    versionNames[packet.version],
    ...flags({ 'bridge (mosquitto’s bit 0x80 of the level)': packet.bridge }),
    `client-id=${quoted(packet.clientId)}`,
    ...flags({ [packet.version === 5 ? 'clean-start' : 'clean-session']: packet.cleanStart }),
    `keep-alive=${packet.keepAliveSeconds}s`,
    ...(packet.username === undefined ? [] : [`username=${quoted(packet.username)}`]),
    ...(packet.password === undefined ? [] : [`password=${redacted}`]),
    ...(packet.will === undefined ? [] : [willText(packet.will)]),
  ]
}

function willText(will: Will): string {
  const fields = [quoted(will.topic), `qos=${will.qos}`, ...flags({ retain: will.retain }), `${will.payload.length} B`]
  return `will=(${[...fields, ...propertiesText(will.properties)].join(' ')})`
}

function publishFields(packet: Publish, theme: Theme, context: PacketContext): string[] {
  return [
    theme.topic(quoted(packet.topic === '' ? (context.topic ?? '') : packet.topic)),
    `qos=${packet.qos}`,
    ...flags({ retain: packet.retain, dup: packet.dup }),
    ...(packet.packetId === undefined ? [] : [`mid=${packet.packetId}`]),
    theme.payload(payloadPreview(packet.payload)),
  ]
}

function subscriptionsText({ subscriptions }: Subscribe, theme: Theme): string {
  return subscriptions.map((subscription) => subscriptionText(subscription, theme)).join(', ')
}

function subscriptionText(
  { filter, qos, noLocal, retainAsPublished, retainHandling }: SubscriptionRequest,
  theme: Theme,
) {
  const options = flags({ 'no-local': noLocal, 'retain-as-published': retainAsPublished })
  const handling = retainHandling === 0 ? [] : [`retain-handling=${retainHandling}`]
  return [theme.topic(quoted(filter)), `qos=${qos}`, ...options, ...handling].join(' ')
}

/** Each filter beside its reason code; codes alone when the request was not seen. */
function answersText(
  packet: { readonly type: PacketType; readonly reasonCodes: readonly number[] },
  version: ProtocolVersion,
  theme: Theme,
  filters: readonly string[],
): string {
  const count = Math.max(filters.length, packet.reasonCodes.length)
  return Array.from({ length: count }, (_, index) => {
    const filter = filters[index]
    const code = packet.reasonCodes[index]
    const reason = code === undefined ? [] : [reasonText(packet.type, version, code, theme)]
    return [...(filter === undefined ? [] : [theme.topic(quoted(filter))]), ...reason].join(' ')
  }).join(', ')
}

/** Below MQTT 5 these packets carry no reason code. */
function reasonOf5(
  packet: { readonly type: PacketType; readonly reasonCode: number },
  version: ProtocolVersion,
  theme: Theme,
): string[] {
  return version === 5 ? [reasonText(packet.type, version, packet.reasonCode, theme)] : []
}

function reasonText(packet: PacketType, version: ProtocolVersion, code: number, theme: Theme): string {
  const refuses = isFailure(code) || (packet === 'connack' && code !== 0)
  return (refuses ? theme.refused : theme.accepted)(describeReason(packet, version, code))
}

function flags(named: Readonly<Record<string, boolean | undefined>>): string[] {
  return Object.entries(named).flatMap(([name, isSet]) => (isSet ? name : []))
}
