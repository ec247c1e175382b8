import type { Properties, SubscriptionRequest } from '../../protocol/wire/packet.ts'

export interface SubscribeSettings {
  readonly subscriptions: readonly SubscriptionRequest[]
  /** SUBSCRIBE properties: Subscription Identifier, user properties. */
  readonly properties: Properties
  /** UNSUBSCRIBE sent after SUBSCRIBE (`-U`). */
  readonly unsubscribe: readonly string[]
  readonly unsubscribeProperties: Properties
  /** Messages whose topic matches one of these are not shown (`-T`). */
  readonly filterOut: readonly string[]
  /** Stop after this many shown messages (`-C`). */
  readonly count?: number
  /** Give up after this long, milliseconds (`-W`). */
  readonly giveUpAfterMs?: number
  readonly exitAfterSuback: boolean
  /** Retained messages are not shown (`-R`). */
  readonly hideRetained: boolean
  readonly retainedOnly: boolean
}
