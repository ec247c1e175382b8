import { fillPattern, filterOfAll, hasPlace } from './client-pattern.ts'
import { clientNames, publisherNames } from './client-settings.ts'
import type { BenchSettings } from './settings.ts'

/** Where the answers to the messages of a requester go. */
export function replyTopic(topic: string): string {
  return `${topic}/reply`
}

/** Whether each message has a topic of its own. */
export function differByMessage(topicPattern: string): boolean {
  return hasPlace(topicPattern, 's')
}

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
    const { topic } = this.#settings
    return fillPattern(topic, { ...publisherNames(this.#settings, publisher, this.#runName), sequence })
  }

  /** Where the answers to a requester's messages go. */
  replyTopicOf(requester: number): string {
    return replyTopic(this.topicOf(requester))
  }

  get differByMessage(): boolean {
    return differByMessage(this.#settings.topic)
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
