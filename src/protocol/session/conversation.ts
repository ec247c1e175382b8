import type { Packet, Sender } from '../wire/packet.ts'
import { observeAcknowledgement } from './acknowledgement-observation.ts'
import { type Conversation, type Observation, otherSide } from './conversation-state.ts'
import type { Fact } from './facts.ts'
import {
  observeAuth,
  observeConnack,
  observeConnect,
  observeDisconnect,
  observeJoinedConnack,
  problemInformationRule,
} from './opening.ts'
import { packetOrderRule } from './packet-order.ts'
import { sizeProblem } from './publish-limits.ts'
import { observePublish } from './publish-observation.ts'
import { observeAnswer, observeRequest } from './subscriptions.ts'
import { exceeded, violated } from './violated.ts'

/** What cannot be read off the decoded packet. */
interface PacketInfo {
  /** The packet as it was on the wire, fixed header included; without it no size is judged. */
  readonly packetBytes?: number
}

/**
 * One packet more: the conversation after it, and what it meant. Pure, and about 2 µs whatever is in flight (measured with
 * 1 to 60,000). Time only goes into the facts. Begin with `startConversation`, or `nextConnection` after a reconnect.
 */
export function observe(
  before: Conversation,
  sender: Sender,
  packet: Packet,
  atMicroseconds: number,
  info: PacketInfo = {},
): Observation {
  const broken = generalFacts(before, sender, packet, info)
  const { conversation, facts } = observeByType(before, sender, packet, atMicroseconds)
  return { conversation, facts: broken.length === 0 ? facts : [...facts, ...broken] }
}

function observeByType(before: Conversation, sender: Sender, packet: Packet, at: number): Observation {
  switch (packet.type) {
    case 'connect':
      return before.phase === 'new' ? observeConnect(before, packet, at) : { conversation: before, facts: [] }
    case 'connack':
      if (before.phase === 'joined') return observeJoinedConnack(before, packet)
      return before.phase === 'connecting' ? observeConnack(before, packet, at) : { conversation: before, facts: [] }
    case 'publish':
      return observePublish(before, sender, packet, at)
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return observeAcknowledgement(before, sender, packet, at)
    case 'subscribe':
    case 'unsubscribe':
      return observeRequest(before, packet, at)
    case 'suback':
    case 'unsuback':
      return observeAnswer(before, packet, at)
    case 'pingreq':
      return { conversation: { ...before, pingSentAtMicroseconds: before.pingSentAtMicroseconds ?? at }, facts: [] }
    case 'pingresp':
      return observePong(before, sender, at)
    case 'auth':
      return observeAuth(before, sender, packet)
    case 'disconnect':
      return observeDisconnect(before, sender, packet)
  }
}

function observePong(before: Conversation, by: Sender, at: number): Observation {
  const { pingSentAtMicroseconds: sentAt, sessionUnseen, ...rest } = before
  if (sentAt === undefined) {
    const unmatched: Fact = { kind: 'unmatched-acknowledgement', by, packet: 'pingresp', sessionUnseen }
    return { conversation: before, facts: [unmatched] }
  }
  const conversation: Conversation = { ...rest, sessionUnseen }
  return { conversation, facts: [{ kind: 'ping-answered', elapsedMicroseconds: at - sentAt }] }
}

/** What holds for any packet: whose turn it is, how large it may be, what the client asked to be spared. */
function generalFacts(before: Conversation, sender: Sender, packet: Packet, info: PacketInfo): readonly Fact[] {
  const facts: Fact[] = []
  const turn = packetOrderRule(before, sender, packet)
  const outOfTurn = turn && violated(before.version, sender, turn)
  if (outOfTurn) facts.push(outOfTurn)
  const limits = before[otherSide(sender)].limits
  const tooLarge = exceeded(sender, sizeProblem(limits, sender, info.packetBytes ?? 0))
  if (tooLarge) facts.push(tooLarge)
  const unwanted = problemInformationRule(before, sender, packet)
  const spared = unwanted && violated(before.version, sender, unwanted)
  if (spared) facts.push(spared)
  return facts
}
