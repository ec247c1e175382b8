import { fillPattern, filterOfAll, hasPlace } from './client-pattern.ts'
import { clientNames } from './client-settings.ts'
import type { BenchSettings } from './settings.ts'

/** Which topics the publishers of a run publish to, and which filters its subscribers ask for. */
export class LoadTopics {
  readonly #settings: BenchSettings
  readonly #runName: string

  constructor(settings: BenchSettings, runName: string) {
    this.#settings = settings
    this.#runName = runName
  }

  /** The topic of a publisher; of its first message, where each message has its own. */
  topicOf(publisher: number, sequence = 0): string {
    const { topic, clients } = this.#settings
    return fillPattern(topic, { ...clientNames(clients, publisher, this.#runName), sequence })
  }

  /** Where the answers to a requester's messages go. */
  replyTopicOf(requester: number): string {
    return `${this.topicOf(requester)}/reply`
  }

  get differByMessage(): boolean {
    return hasPlace(this.#settings.topic, 's')
  }

  /** Without `$share`, which stands before it on the wire. */
  filterOf(subscriber: number): string {
    const { filter, topic, clients, mode } = this.#settings
    if (mode === 'rpc') return this.replyTopicOf(subscriber)
    if (filter !== undefined) return fillPattern(filter, clientNames(clients, subscriber, this.#runName))
    return this.#isOneToOne ? this.topicOf(subscriber) : filterOfAll(topic)
  }

  /** As many subscribers as publishers, and a topic for each: every subscriber has its publisher. */
  get #isOneToOne(): boolean {
    const { topic, publishers, subscribers, share } = this.#settings
    return (
      share === undefined &&
      publishers === subscribers &&
      publishers > 1 &&
      hasPlace(topic, 'i') &&
      !hasPlace(topic, 's')
    )
  }
}
