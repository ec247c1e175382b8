import { isFailure } from '../reason-code.ts'
import type { Acknowledgement, Sender } from '../wire/packet.ts'
import { acknowledgeInOrder } from './acknowledgement-order.ts'
import { type Conversation, type Handshake, type Observation, otherSide, withSide } from './conversation-state.ts'
import type { Fact, HandshakeStep } from './facts.ts'
import { identifierOfPublish } from './order-rules.ts'
import { entryOf, withEntry, withoutEntry } from './packet-id-map.ts'
import { present, type Rule, violated } from './violated.ts'

/** PUBACK, PUBREC and PUBCOMP come from the receiver of the message, PUBREL from its publisher. */
export function observeAcknowledgement(
  before: Conversation,
  sender: Sender,
  packet: Acknowledgement,
  at: number,
): Observation {
  const publisher = packet.type === 'pubrel' ? sender : otherSide(sender)
  const handshake = entryOf(before[publisher].inFlight, packet.packetId)
  if (handshake === undefined) return { conversation: before, facts: unmatchedFacts(before, sender, packet) }
  if (handshake.awaits === packet.type) {
    const { conversation, fact } = acknowledgeInOrder(before, sender, packet.type, handshake)
    const stepped = step(conversation, publisher, handshake, packet, at)
    return { conversation: stepped.conversation, facts: present([...stepped.facts, fact]) }
  }
  if (handshake.steps.some((old) => old.packet === packet.type)) {
    return { conversation: before, facts: [{ kind: 'duplicate', publish: handshake.publish, packet: packet.type }] }
  }
  const outOfPlace = violated(before.version, sender, wrongAnswer)
  return { conversation: before, facts: present([unmatched(before, sender, packet, handshake.awaits), outOfPlace]) }
}

function step(
  before: Conversation,
  publisher: Sender,
  handshake: Handshake,
  packet: Acknowledgement,
  at: number,
): Observation {
  const sincePreviousMicroseconds = at - (handshake.steps.at(-1)?.atMicroseconds ?? at)
  const latest: HandshakeStep = { packet: packet.type, atMicroseconds: at, sincePreviousMicroseconds }
  const steps = [...handshake.steps, latest]
  const refused = (packet.type === 'puback' || packet.type === 'pubrec') && isFailure(packet.reasonCode)
  if (refused || packet.type === 'puback' || packet.type === 'pubcomp') {
    return finish(before, publisher, { ...handshake, steps }, packet, refused)
  }
  const side = before[publisher]
  const receivedCount = side.receivedCount + (packet.type === 'pubrec' ? 1 : 0)
  const next: Handshake =
    packet.type === 'pubrec'
      ? { ...handshake, steps, awaits: 'pubrel', receivedAs: receivedCount }
      : { ...handshake, steps, awaits: 'pubcomp' }
  const kind = packet.type === 'pubrec' ? 'publish-received' : 'publish-released'
  const inFlight = withEntry(side.inFlight, packet.packetId, next)
  return {
    conversation: withSide(before, publisher, { ...side, inFlight, receivedCount }),
    facts: [{ kind, publish: handshake.publish, sincePreviousMicroseconds }],
  }
}

function finish(
  before: Conversation,
  publisher: Sender,
  { publish, steps, sentOnConnection }: Handshake,
  packet: Acknowledgement,
  refused: boolean,
): Observation {
  const side = before[publisher]
  const counted = sentOnConnection === before.connection // a quota does not outlive its connection
  const conversation = withSide(before, publisher, {
    ...side,
    inFlight: withoutEntry(side.inFlight, packet.packetId),
    unacknowledged: side.unacknowledged - (counted ? 1 : 0),
  })
  const fact: Fact = {
    kind: refused ? 'publish-refused' : 'publish-completed',
    publish,
    version: before.version,
    reasonCode: packet.reasonCode,
    steps,
    elapsedMicroseconds: (steps.at(-1)?.atMicroseconds ?? 0) - publish.startedAtMicroseconds,
  }
  return { conversation, facts: [fact] }
}

function unmatched(
  { sessionUnseen }: Conversation,
  by: Sender,
  packet: Acknowledgement,
  expected?: Acknowledgement['type'],
): Fact {
  return {
    kind: 'unmatched-acknowledgement',
    by,
    packet: packet.type,
    packetId: packet.packetId,
    sessionUnseen,
    ...(expected === undefined ? {} : { expected }),
  }
}

/** A finding where the session was seen from its start, and where it is not said that the identifier is unknown: 0x92. */
function unmatchedFacts(before: Conversation, by: Sender, packet: Acknowledgement): readonly Fact[] {
  const isExpected = before.sessionUnseen || packet.type === 'pubrel' || packet.reasonCode === packetIdentifierNotFound
  const broken = isExpected ? undefined : violated(before.version, by, identifierOfPublish)
  return present<Fact>([unmatched(before, by, packet), broken])
}

const packetIdentifierNotFound = 0x92

const wrongAnswer: Rule = {
  five: '[MQTT-3.3.4-1]',
  below: '[MQTT-3.1.1:3.3.4-1]',
  message: 'the acknowledgement is not the one that this publish waits for',
}
