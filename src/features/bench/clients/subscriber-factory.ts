import type { MessageSink } from '../../../connection/link/receiver.ts'
import { SubscriberTally } from '../counters/subscriber-tally.ts'
import { FirstLoss } from '../messages/first-loss.ts'
import { LoadSubscriber, MessageMatcher } from '../messages/message-matcher.ts'
import { type BenchSettings, wholeOf } from '../settings.ts'
import type { LoadCounters } from './load-counters.ts'
import { SlowSubscriber } from './slow-subscriber.ts'

/** Makes the subscribers of one thread, each with its filter and what matches its messages. */
export class SubscriberFactory {
  readonly #settings: BenchSettings
  readonly #counters: LoadCounters
  readonly #afterRead: () => void
  /** Arrivals of each shared subscription, by filter. */
  readonly #groups = new Map<string, MessageMatcher['publishers']>()

  constructor(settings: BenchSettings, counters: LoadCounters, afterRead: () => void) {
    this.#settings = settings
    this.#counters = counters
    this.#afterRead = afterRead
  }

  subscriber(index: number, filter: string): LoadSubscriber {
    return new LoadSubscriber(index, filter, this.#matcherOf(index, filter), this.#afterRead)
  }

  /** What takes its messages: at once, or slowly on purpose. */
  sinkOf(subscriber: LoadSubscriber): MessageSink {
    const { slow } = this.#settings
    if (slow === undefined || !isSlow(this.#settings, subscriber.index)) return subscriber
    return new SlowSubscriber(subscriber, slow.thinkMs)
  }

  #matcherOf(index: number, filter: string): MessageMatcher {
    const { share } = this.#settings
    const { arrived, slowResponse } = this.#counters
    const tally = wholeOf(this.#settings).subscribers > 1 ? { tally: new SubscriberTally() } : {}
    if (isSlow(this.#settings, index)) {
      return new MessageMatcher(arrived, { ...tally, slow: { response: slowResponse, firstLoss: new FirstLoss() } })
    }
    if (share === undefined) return new MessageMatcher(arrived, tally)
    const group = this.#groups.get(filter) ?? []
    this.#groups.set(filter, group)
    return new MessageMatcher(arrived, { ...tally, group })
  }
}

/** They are the last of the subscribers, so that the first client is as quick as any. */
export function isSlow(settings: BenchSettings, index: number): boolean {
  return index >= wholeOf(settings).subscribers - (settings.slow?.subscribers ?? 0)
}
