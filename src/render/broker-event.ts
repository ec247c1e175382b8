import type { BrokerEvent } from '../features/embedded-broker/events.ts'
import { isFailure } from '../protocol/reason-code.ts'
import { describeReason } from '../protocol/reason-codes.ts'
import type { PacketType, ProtocolVersion } from '../protocol/wire/packet.ts'
import { escapeForTerminal } from './escape.ts'
import { quoted } from './quoted.ts'
import type { Theme } from './theme.ts'

const versionNames: Readonly<Record<ProtocolVersion, string>> = { 3: '3.1', 4: '3.1.1', 5: '5' }

/** One event of the embedded broker on one line: the connection, the client, and what happened. */
export function brokerEventLine(event: BrokerEvent, theme: Theme): string {
  const client = event.clientId === undefined ? '' : ` ${quoted(event.clientId)}`
  return `${theme.muted(`#${event.connection}`)}${client} ${eventText(event, theme)}`
}

function eventText(event: BrokerEvent, theme: Theme): string {
  switch (event.event) {
    case 'opened':
      return theme.muted(`opened from ${event.remote} (${event.transport})`)
    case 'rejected':
      return theme.refused(`${event.remote} (${event.transport}) did not get in: ${escapeForTerminal(event.reason)}`)
    case 'connected':
      return theme.accepted(connectedText(event))
    case 'refused':
      return theme.refused(`refused ${reason('connack', event.reasonCode, event.version)}`)
    case 'subscribed':
      return subscribedText(event, theme)
    case 'unsubscribed':
      return `unsubscribed ${event.filters.map(quoted).join(' ')}`
    case 'published':
      return publishedText(event, theme)
    case 'denied':
      return theme.refused(`denied ${quoted(event.topic)} ${reason('puback', event.reasonCode)}`)
    case 'dropped':
      return theme.warning(`dropped a message on ${quoted(event.topic)}: ${event.cause}`)
    case 'violation':
      return theme.refused(violationText(event))
    case 'fault':
      return theme.refused(`an error inside the broker: ${escapeForTerminal(messageOf(event.error))}`)
    case 'closed':
      return theme.muted(`closed: ${escapeForTerminal(event.cause)}`)
  }
}

type Of<Name extends BrokerEvent['event']> = Extract<BrokerEvent, { event: Name }>

function connectedText({ version, username, cleanStart, sessionPresent }: Of<'connected'>): string {
  const user = username === undefined ? '' : ` as ${quoted(username)}`
  const session = sessionPresent ? 'with its session' : cleanStart ? 'with a clean start' : 'with a new session'
  return `connected${user}, MQTT ${versionNames[version]}, ${session}`
}

function subscribedText({ filter, reasonCode }: Of<'subscribed'>, theme: Theme): string {
  if (!isFailure(reasonCode)) return `subscribed ${theme.topic(quoted(filter))} QoS ${reasonCode}`
  return theme.refused(`may not subscribe to ${quoted(filter)}: ${reason('suback', reasonCode)}`)
}

function publishedText({ topic, qos, retain, payloadBytes }: Of<'published'>, theme: Theme): string {
  return `published ${theme.topic(quoted(topic))} QoS ${qos}${retain ? ' retained' : ''}, ${payloadBytes} B`
}

function violationText({ violation: { packet, message, offset, rule } }: Of<'violation'>): string {
  const name = packet === undefined ? 'bad packet' : `bad ${packet.toUpperCase()}`
  return `${name}: ${escapeForTerminal(message)}, at byte ${offset} ${rule}`
}

function reason(packet: PacketType, code: number, version: ProtocolVersion = 5): string {
  return describeReason(packet, version, code)
}

/** The same event for machines: docs/schemas/broker-event.schema.json. */
export function brokerEventRecord(event: BrokerEvent, timestamp: string): object {
  const { event: type, ...facts } = event
  const plain = event.event === 'fault' ? { ...facts, error: messageOf(event.error) } : facts
  return { v: 1, ts: timestamp, type, ...plain }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
