import { LoadSubscriber, MessageMatcher } from '../messages/message-matcher.ts'
import type { BenchSettings } from '../settings.ts'
import type { LoadCounters } from './load-counters.ts'

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
    return new LoadSubscriber(index, filter, this.#matcherOf(filter), this.#afterRead)
  }

  #matcherOf(filter: string): MessageMatcher {
    if (this.#settings.share === undefined) return new MessageMatcher(this.#counters.arrived)
    const group = this.#groups.get(filter) ?? []
    this.#groups.set(filter, group)
    return new MessageMatcher(this.#counters.arrived, group)
  }
}
