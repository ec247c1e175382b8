import type { Properties, QoS, Subscribe, SubscriptionRequest } from '../../../src/protocol/wire/packet.ts'

/** A SUBSCRIBE to one filter, ordinary but for what the test is about. */
export function subscribeTo(
  filter: string,
  qos: QoS,
  options: Partial<SubscriptionRequest> = {},
  properties: Properties = {},
): Subscribe {
  const request = { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0, ...options } as const
  return { type: 'subscribe', packetId: 1, subscriptions: [request], properties }
}
