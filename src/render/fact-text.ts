import { describeReason, reasonCode } from '../protocol/reason-codes.ts'
import type { ConnectedFact, Fact, PublishReference, UnmatchedFact } from '../protocol/session/facts.ts'
import type { PacketType, ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import { quoted } from './quoted.ts'
import type { Theme } from './theme.ts'

type FactOf<Kind extends Fact['kind']> = Extract<Fact, { readonly kind: Kind }>

/**
 * What a packet meant, in a few words after it; undefined where the packet says it all. Without `isTimed`, for bytes that
 * nobody timed, no duration is told.
 */
export function factText(fact: Fact, theme: Theme, isTimed = true): string | undefined {
  switch (fact.kind) {
    case 'connected':
      return connectedText(fact, isTimed)
    case 'refused':
      return theme.refused(`refused: ${meaningOf('connack', fact.version, fact.reasonCode)}`)
    case 'disconnected':
      return fact.by === 'server' ? theme.warning(disconnectedText(fact)) : undefined
    case 'publish-started':
      return fact.publish.qos === 0 ? undefined : tagOf(fact.publish)
    case 'publish-received':
      return `${publishName(fact.publish)} received${isTimed ? `, ${fact.sincePreviousMicroseconds} µs` : ''}`
    case 'publish-released':
      return `${publishName(fact.publish)} released${isTimed ? `, ${fact.sincePreviousMicroseconds} µs` : ''}`
    case 'publish-completed':
      return theme.accepted(`${publishName(fact.publish)} complete${isTimed ? completionText(fact) : ''}`)
    case 'publish-refused':
      return theme.refused(`${publishName(fact.publish)} refused: ${publishRefusalText(fact)}`)
    case 'duplicate':
      return theme.warning(`${publishName(fact.publish)}: ${fact.packet.toUpperCase()} again`)
    case 'unmatched-acknowledgement':
      return theme.warning(unmatchedText(fact))
    case 'subscribed':
    case 'unsubscribed':
    case 'ping-answered':
      return isTimed ? `answered in ${fact.elapsedMicroseconds} µs` : undefined
    case 'subscription-refused':
      return theme.refused(`${quoted(fact.filter)} refused: ${meaningOf('suback', fact.version, fact.reasonCode)}`)
    case 'limit-exceeded':
      return theme.refused(`above a limit: ${fact.message} ${fact.rule}`)
    case 'statement-violated':
      return theme.refused(`breaks ${fact.rule}: ${fact.message}`)
  }
}

/** `out#3` for a client's third publish, `in#3` for the server's: unique, and easy to search for. */
function tagOf({ sender, number }: PublishReference): string {
  return `${directionOf(sender)}#${number}`
}

function directionOf(sender: Sender): string {
  return sender === 'client' ? 'out' : 'in'
}

/** `out#3 "home/door"`. */
export function publishName(publish: PublishReference): string {
  return `${tagOf(publish)} ${quoted(publish.topic)}`
}

function connectedText(fact: ConnectedFact, isTimed: boolean): string {
  const unseen = fact.sessionUnseen ? ', with a session from before this trace' : ''
  const keepAlive = fact.keepAliveSeconds === 0 ? 'no keep-alive' : `keep-alive ${fact.keepAliveSeconds} s`
  const elapsed = isTimed ? `, in ${fact.elapsedMicroseconds} µs` : ''
  return `connected as ${quoted(fact.clientId)}, ${keepAlive}${elapsed}${unseen}`
}

function disconnectedText({ version, reasonCode: code }: FactOf<'disconnected'>): string {
  return `the broker ends the connection: ${meaningOf('disconnect', version, code)}`
}

function completionText(fact: FactOf<'publish-completed'>): string {
  return ` in ${fact.elapsedMicroseconds} µs${stepsText(fact)}`
}

/** The steps of a QoS 2 handshake; at QoS 1 the total is the only step. */
function stepsText({ publish, steps }: FactOf<'publish-completed'>): string {
  if (publish.qos < 2) return ''
  const later = steps.slice(1).map((step) => `${step.packet.toUpperCase()} +${step.sincePreviousMicroseconds}`)
  return ` (${later.join(', ')})`
}

function publishRefusalText({ steps, version, reasonCode: code }: FactOf<'publish-refused'>): string {
  return meaningOf(steps.at(-1)?.packet ?? 'puback', version, code)
}

function unmatchedText({ packet, packetId, expected, sessionUnseen }: UnmatchedFact): string {
  const name = packet.toUpperCase()
  if (expected !== undefined) return `${expected.toUpperCase()} is due under ${packetId}, not ${name}`
  if (sessionUnseen) return `${name} for something that began before this trace`
  return packetId === undefined ? `nothing waits for ${name}` : `nothing under ${packetId} waits for ${name}`
}

function meaningOf(packet: PacketType, version: ProtocolVersion, code: number): string {
  return reasonCode(packet, version, code)?.meaning ?? describeReason(packet, version, code)
}
