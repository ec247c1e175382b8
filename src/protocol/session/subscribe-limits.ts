import type { Properties, SubscriptionRequest } from '../wire/packet.ts'
import type { ServerLimits } from './server-limits.ts'

/** The rule that a SUBSCRIBE would break, in words. */
export interface SubscribeProblem {
  readonly rule: string
  readonly message: string
}

/** Why this server does not take these subscriptions, as it said itself in CONNACK, if it does not. */
export function subscribeProblem(
  limits: ServerLimits,
  subscriptions: readonly SubscriptionRequest[],
  { subscriptionIdentifier }: Properties,
): SubscribeProblem | undefined {
  const filters = subscriptions.map(({ filter }) => filter)
  const wild = limits.wildcardSubscriptionAvailable ? undefined : filters.find((filter) => /[+#]/.test(filter))
  if (wild !== undefined) return notAvailable('Wildcard Subscription', wild, '[MQTT5 §3.2.2.3.11]')
  const shared = limits.sharedSubscriptionAvailable ? undefined : filters.find(isShared)
  if (shared !== undefined) return notAvailable('Shared Subscription', shared, '[MQTT5 §3.2.2.3.13]')
  if (limits.subscriptionIdentifiersAvailable || subscriptionIdentifier === undefined) return undefined
  return notAvailable('Subscription Identifiers', String(subscriptionIdentifier), '[MQTT5 §3.2.2.3.12]')
}

function isShared(filter: string): boolean {
  return filter.startsWith('$share/')
}

function notAvailable(property: string, asked: string, rule: string): SubscribeProblem {
  return { rule, message: `${property} Available is 0, and ${asked} was asked for` }
}
