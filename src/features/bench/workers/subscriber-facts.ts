import type { TallyCounts } from '../counters/subscriber-tally.ts'
import type { PublisherFigures } from '../events.ts'
import type { LossFigures } from '../messages/first-loss.ts'
import type { LoadSubscriber, MessageMatcher } from '../messages/message-matcher.ts'
import type { BenchSettings } from '../settings.ts'

type Account = Omit<PublisherFigures, 'publisher'>

/** What one subscriber got, as plain data: what one thread tells another. */
export interface SubscriberFacts {
  readonly index: number
  readonly isSlow: boolean
  readonly received: number
  /** What it should have got, and what of it was lost: undefined for one of a group, and where others know what was sent. */
  readonly account?: Account
  readonly counts?: TallyCounts
  readonly firstLoss?: LossFigures
}

/** By what is known here alone: members of a group, and shards, know their own part only. */
export function subscriberFacts(
  { share, part }: BenchSettings,
  subscribers: readonly LoadSubscriber[],
  perAudience: ReadonlyMap<MessageMatcher['publishers'], Account>,
): SubscriberFacts[] {
  return subscribers.map(({ index, matcher: { publishers, tally, slow } }) => {
    const account = share === undefined && part === undefined ? perAudience.get(publishers) : undefined
    return {
      index,
      isSlow: slow !== undefined,
      received: tally?.received ?? account?.received ?? 0,
      ...(account && { account }),
      ...(tally && { counts: tally.counts }),
      ...(slow?.firstLoss.found && { firstLoss: slow.firstLoss.found }),
    }
  })
}
