import { isFailure } from '../reason-code.ts'
import type { ProtocolVersion, Sender, Suback, Subscribe, Unsuback, Unsubscribe } from '../wire/packet.ts'
import type { Conversation, Observation, Request } from './conversation-state.ts'
import type { Fact, SubscribedFact, SubscriptionResult } from './facts.ts'
import { identifierInUse, unusedIdentifierRule } from './identifiers.ts'
import { codeForEachFilter, codeForEachUnsubscribe, identifierOfRequest } from './order-rules.ts'
import { entryOf, withEntry, withoutEntry } from './packet-id-map.ts'
import { present, violated } from './violated.ts'

/** SUBSCRIBE and UNSUBSCRIBE: the filters are kept until the answer, which has only numbers. */
export function observeRequest(conversation: Conversation, packet: Subscribe | Unsubscribe, at: number): Observation {
  const request: Request = {
    awaits: packet.type === 'subscribe' ? 'suback' : 'unsuback',
    filters: packet.type === 'subscribe' ? packet.subscriptions.map(({ filter }) => filter) : packet.filters,
    sentAtMicroseconds: at,
  }
  const inUse = packet.dup !== true && identifierInUse(conversation, 'client', packet.packetId)
  return {
    conversation: { ...conversation, requests: withEntry(conversation.requests, packet.packetId, request) },
    facts: present([inUse ? violated(conversation.version, 'client', unusedIdentifierRule('client')) : undefined]),
  }
}

export function observeAnswer(conversation: Conversation, packet: Suback | Unsuback, at: number): Observation {
  const { packetId } = packet
  const request = entryOf(conversation.requests, packetId)
  if (request === undefined || request.awaits !== packet.type) {
    return { conversation, facts: unmatchedAnswer(conversation, 'server', packet, request) }
  }
  const next = { ...conversation, requests: withoutEntry(conversation.requests, packetId) }
  return { conversation: next, facts: answerFacts(conversation, request, packet, at) }
}

function answerFacts(conversation: Conversation, request: Request, packet: Suback | Unsuback, at: number): Fact[] {
  const { version } = conversation
  const results = request.filters.map((filter, index) => resultOf(filter, packet.reasonCodes[index]))
  const answered: SubscribedFact = {
    kind: packet.type === 'suback' ? 'subscribed' : 'unsubscribed',
    version,
    packetId: packet.packetId,
    results,
    elapsedMicroseconds: at - request.sentAtMicroseconds,
  }
  const facts: (Fact | undefined)[] = [answered]
  if (packet.type === 'suback') facts.push(...results.map((result) => refusal(version, result)))
  const needsCodes = packet.type === 'suback' || version === 5 // UNSUBACK has none below MQTT 5
  if (needsCodes && packet.reasonCodes.length !== request.filters.length) {
    facts.push(violated(version, 'server', packet.type === 'suback' ? codeForEachFilter : codeForEachUnsubscribe))
  }
  return [...present(facts)]
}

function resultOf(filter: string, reasonCode: number | undefined): SubscriptionResult {
  return reasonCode === undefined ? { filter } : { filter, reasonCode }
}

function refusal(version: ProtocolVersion, { filter, reasonCode }: SubscriptionResult): Fact | undefined {
  if (reasonCode === undefined || !isFailure(reasonCode)) return undefined
  return { kind: 'subscription-refused', version, filter, reasonCode }
}

function unmatchedAnswer(
  { sessionUnseen, version }: Conversation,
  by: Sender,
  packet: Suback | Unsuback,
  request: Request | undefined,
): readonly Fact[] {
  const unmatched: Fact = {
    kind: 'unmatched-acknowledgement',
    by,
    packet: packet.type,
    packetId: packet.packetId,
    sessionUnseen,
    ...(request === undefined ? {} : { expected: request.awaits }),
  }
  return present<Fact>([unmatched, sessionUnseen ? undefined : violated(version, by, identifierOfRequest)])
}
