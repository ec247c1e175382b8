import type { Publish, Sender } from '../wire/packet.ts'
import { type Conversation, type Handshake, type Observation, otherSide, withSide } from './conversation-state.ts'
import type { Fact, HandshakeStep, PublishReference } from './facts.ts'
import { identifierInUse, unusedIdentifierRule } from './identifiers.ts'
import { entryOf, withEntry } from './packet-id-map.ts'
import { aliasProblem, type PublishLimits, qosProblem, retainProblem } from './publish-limits.ts'
import { exceeded, present, type Rule, violated } from './violated.ts'

export function observePublish(before: Conversation, sender: Sender, packet: Publish, at: number): Observation {
  const limits = before[otherSide(sender)].limits
  const { conversation, topic, facts: topicFacts } = resolveTopic(before, sender, packet)
  const broken = [...topicFacts, ...limitFacts(limits, sender, packet)]
  const known = packet.packetId === undefined ? undefined : entryOf(conversation[sender].inFlight, packet.packetId)
  const sent =
    known !== undefined && isSameMessage(known, packet, topic)
      ? sentAgain(conversation, sender, packet, known, at)
      : sentFirst(conversation, sender, packet, topic, at)
  return { conversation: sent.conversation, facts: [...sent.facts, ...broken] }
}

/** A PUBLISH without DUP that looks just like the one in flight is the same message too, sent again wrongly. */
function isSameMessage({ publish }: Handshake, packet: Publish, topic: string): boolean {
  return packet.dup || (publish.topic === topic && publish.qos === packet.qos)
}

function sentFirst(before: Conversation, sender: Sender, packet: Publish, topic: string, at: number): Observation {
  const side = before[sender]
  const publish: PublishReference = {
    sender,
    number: side.publishCount + 1,
    topic,
    qos: packet.qos,
    startedAtMicroseconds: at,
    ...(packet.packetId === undefined ? {} : { packetId: packet.packetId }),
  }
  const started: Fact = { kind: 'publish-started', publish }
  const counted = withSide(before, sender, { ...side, publishCount: publish.number })
  if (packet.packetId === undefined) return { conversation: counted, facts: [started] }
  const inUse = identifierInUse(before, sender, packet.packetId)
  const facts = [
    started,
    inUse ? violated(before.version, sender, unusedIdentifierRule(sender)) : undefined,
    packet.dup && before.sessionFresh ? violated(before.version, sender, dupAtFirst(packet)) : undefined,
  ]
  const steps: readonly HandshakeStep[] = [{ packet: 'publish', atMicroseconds: at, sincePreviousMicroseconds: 0 }]
  const awaits = packet.qos === 1 ? 'puback' : 'pubrec'
  const handshake: Handshake = { publish, awaits, steps, sentOnConnection: before.connection, receivedAs: 0 }
  return carried(counted, sender, handshake, facts)
}

function sentAgain(before: Conversation, sender: Sender, packet: Publish, known: Handshake, at: number): Observation {
  const sameConnection = known.sentOnConnection === before.connection
  const facts = [
    { kind: 'duplicate', publish: known.publish, packet: 'publish' } as const,
    packet.dup
      ? undefined
      : violated(before.version, sender, sameConnection ? unusedIdentifierRule(sender) : dupMissing),
    packet.dup && sameConnection ? violated(before.version, sender, againOnSameConnection) : undefined,
    known.awaits === 'pubcomp' ? violated(before.version, sender, publishAfterPubrel) : undefined,
  ]
  const previous = known.steps.at(-1)?.atMicroseconds ?? at
  const step: HandshakeStep = { packet: 'publish', atMicroseconds: at, sincePreviousMicroseconds: at - previous }
  // Only the first and the last sending are kept: a peer that sends it for ever must not make us grow.
  const steps = [...known.steps.filter((old, index) => index === 0 || old.packet !== 'publish'), step]
  return carried(before, sender, { ...known, steps, sentOnConnection: before.connection }, facts)
}

/** Puts the handshake in place and counts it against the other side's Receive Maximum. */
function carried(
  before: Conversation,
  sender: Sender,
  handshake: Handshake,
  facts: readonly (Fact | undefined)[],
): Observation {
  const side = before[sender]
  const id = handshake.publish.packetId ?? 0
  const counts = entryOf(side.inFlight, id)?.sentOnConnection !== before.connection
  const unacknowledged = side.unacknowledged + (counts ? 1 : 0)
  const inFlight = withEntry(side.inFlight, id, handshake)
  const conversation = withSide(before, sender, { ...side, inFlight, unacknowledged })
  const maximum = before[otherSide(sender)].limits.receiveMaximum
  const tooMany = counts && unacknowledged > maximum ? receiveMaximumFact(sender, unacknowledged, maximum) : undefined
  return { conversation, facts: present([...facts, tooMany]) }
}

function receiveMaximumFact(sender: Sender, unacknowledged: number, maximum: number): Fact {
  return {
    kind: 'limit-exceeded',
    by: sender,
    limit: 'receiveMaximum',
    rule: sender === 'client' ? '[MQTT-3.3.4-7]' : '[MQTT-3.3.4-9]',
    message: `${unacknowledged} messages without acknowledgement are above the Receive Maximum of ${maximum}`,
  }
}

function limitFacts(limits: PublishLimits, sender: Sender, packet: Publish): readonly Fact[] {
  const publish = { qos: packet.qos, retain: packet.retain, packetBytes: 0 } // the size is judged for every packet
  const problems = [
    qosProblem(limits, publish),
    retainProblem(limits, publish),
    aliasProblem(limits, sender, packet.properties.topicAlias),
  ]
  return present(problems.map((problem) => exceeded(sender, problem)))
}

function resolveTopic(before: Conversation, sender: Sender, packet: Publish): Observation & { readonly topic: string } {
  const alias = packet.properties.topicAlias
  const topic = packet.topic
  if (alias === undefined) return { conversation: before, topic, facts: [] }
  const side = before[sender]
  if (topic !== '') {
    // A number above the maximum is reported and not kept: what we hold is bounded by what was agreed.
    if (alias > before[otherSide(sender)].limits.topicAliasMaximum) return { conversation: before, topic, facts: [] }
    const aliases = withEntry(side.aliases, alias, topic)
    return { conversation: withSide(before, sender, { ...side, aliases }), topic, facts: [] }
  }
  const meant = entryOf(side.aliases, alias)
  if (meant !== undefined || before.opening === undefined) {
    return { conversation: before, topic: meant ?? '', facts: [] } // joined in the middle, it may have been said before
  }
  return { conversation: before, topic, facts: present([violated(before.version, sender, unknownAlias)]) }
}

function dupAtFirst(packet: Publish): Rule {
  return {
    five: packet.qos === 1 ? '[MQTT-4.3.2-2]' : '[MQTT-4.3.3-2]',
    below: packet.qos === 1 ? '[MQTT-3.1.1:4.3.2-1]' : '[MQTT-3.1.1:4.3.3-1]',
    message: 'DUP on a message that this session did not carry before',
  }
}

const dupMissing: Rule = {
  five: '[MQTT-3.3.1-1]',
  below: '[MQTT-3.1.1:3.3.1-1]',
  message: 'a PUBLISH that is sent again has no DUP',
}

const againOnSameConnection: Rule = {
  five: '[MQTT-4.4.0-1]', // 3.1.1 allows it
  message: 'PUBLISH sent again though the connection was not lost',
}

const publishAfterPubrel: Rule = {
  five: '[MQTT-4.3.3-6]',
  below: '[MQTT-3.1.1:4.3.3-1]',
  message: 'PUBLISH sent again after its PUBREL',
}

const unknownAlias: Rule = {
  five: '[MQTT5 §3.3.2.3.4]',
  message: 'the topic alias has no topic on this connection',
}
