import { ReasonCode } from '../../../protocol/reason-code.ts'
import { sharedFilter } from '../../../protocol/topic-filter.ts'
import type { Publish, Subscribe, SubscriptionRequest, Unsubscribe } from '../../../protocol/wire/packet.ts'
import type { UserPermissions } from '../access/permissions.ts'
import type { BrokerContext } from '../broker-context.ts'
import { Message } from '../routing/message.ts'
import type { Subscription } from '../routing/subscription.ts'
import { isTooDeep } from '../routing/topic-tree.ts'
import type { BrokerSession } from '../sessions/broker-session.ts'

/** A client whose CONNECT was accepted, and what its requests work on. */
export interface Served {
  readonly broker: Pick<BrokerContext, 'router' | 'subscriptions' | 'limits'>
  readonly session: BrokerSession
  readonly version: 3 | 4 | 5
  readonly permissions: UserPermissions
}

interface Published {
  /** 0x80 or above: refused. */
  readonly reasonCode: number
  /** For the publisher to wait for, when there are subscribers that do not keep up. */
  readonly taken?: Promise<unknown> | undefined
}

export function servePublish({ broker, session, permissions }: Served, publish: Publish): Published {
  if (!permissions.mayPublish(publish.topic)) return { reasonCode: ReasonCode.notAuthorized }
  if (isTooDeep(publish.topic)) return { reasonCode: ReasonCode.topicNameInvalid }
  const message = new Message(publish, session.clientId)
  if (!broker.router.keep(message)) return { reasonCode: ReasonCode.quotaExceeded }
  return { reasonCode: 0, taken: broker.router.deliver(message) }
}

interface Granted {
  /** One for each filter, in their order [MQTT-3.8.4-6]. */
  readonly reasonCodes: readonly number[]
  /** Those that retained messages are due for. */
  readonly due: readonly Subscription[]
}

export function serveSubscribe(served: Served, { subscriptions, properties }: Subscribe): Granted {
  const due: Subscription[] = []
  const reasonCodes = subscriptions.map((request) => {
    const refusal = refusalOf(served, request)
    if (refusal !== undefined) return codeFor(served, request, refusal)
    const isNew = !served.session.subscriptions.has(request.filter)
    const subscription = subscriptionOf(served, request, properties.subscriptionIdentifier?.[0])
    if (!subscribe(served, subscription)) return codeFor(served, request, ReasonCode.quotaExceeded)
    if (wantsRetained(request, isNew) && subscription.share === undefined) due.push(subscription)
    return request.qos
  })
  return { reasonCodes, due }
}

function refusalOf({ permissions, session, broker }: Served, { filter }: SubscriptionRequest): number | undefined {
  if (!permissions.maySubscribe(filter)) return ReasonCode.notAuthorized
  if (isTooDeep(filter)) return ReasonCode.topicFilterInvalid
  const { subscriptions } = session
  return subscriptions.size >= broker.limits.filters && !subscriptions.has(filter)
    ? ReasonCode.quotaExceeded
    : undefined
}

/** Below MQTT 5 `$share/…` is a filter like any other. */
function subscriptionOf({ version }: Served, request: SubscriptionRequest, identifier?: number): Subscription {
  const { filter, qos, noLocal, retainAsPublished } = request
  const share = version === 5 ? sharedFilter(filter) : undefined
  return {
    filter,
    qos,
    noLocal,
    retainAsPublished,
    ...(share === undefined ? {} : { share }),
    ...(identifier === undefined ? {} : { identifier }),
  }
}

/** It replaces one with the same filter [MQTT-3.8.4-3]. */
function subscribe({ session, broker }: Served, subscription: Subscription): boolean {
  const before = session.subscriptions.get(subscription.filter)
  if (!session.keepSubscription(subscription)) return false
  if (before !== undefined && before.share?.filter !== subscription.share?.filter) {
    broker.subscriptions.remove(session, before) // it came from a connection of another version
  }
  broker.subscriptions.add(session, subscription)
  return true
}

/** [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11] */
function wantsRetained({ retainHandling }: SubscriptionRequest, isNew: boolean): boolean {
  return retainHandling === 0 || (retainHandling === 1 && isNew)
}

/** 3.1.1 has one code for every refusal, and 3.1 has none: there the client is told what it asked for. */
function codeFor({ version }: Served, request: SubscriptionRequest, code: number): number {
  if (version === 5) return code
  return version === 4 ? ReasonCode.unspecifiedError : request.qos
}

export function serveUnsubscribe({ session, broker }: Served, { filters }: Unsubscribe): readonly number[] {
  return filters.map((filter) => {
    const subscription = session.subscriptions.get(filter)
    if (subscription === undefined) return ReasonCode.noSubscriptionExisted
    session.forgetSubscription(filter)
    broker.subscriptions.remove(session, subscription)
    return 0
  })
}
