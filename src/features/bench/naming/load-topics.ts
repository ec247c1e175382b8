import { type BenchSettings, wholeOf } from '../settings.ts'
import { clientNames, publisherNames } from './client-settings.ts'
import { drawnNumber } from './drawn-number.ts'
import { chancePlace, expandPlaceholders, filterOfAll, hasPlaceholder, poolPlace } from './expand-placeholders.ts'
import { numberMark } from './message-topic.ts'

/** Where the answers to the messages of a requester go. */
function replyTopic(topic: string): string {
  return `${topic}/reply`
}

/** Which topics the publishers of a run publish to, and which filters its subscribers ask for. */
export class LoadTopics {
  readonly #settings: BenchSettings
  readonly #runName: string
  /** All threads draw alike. */
  readonly #seed: number

  constructor(settings: BenchSettings, runName: string) {
    this.#settings = settings
    this.#runName = runName
    this.#seed = settings.seed ?? Number.parseInt(runName, 16)
  }

  /** The topic of a publisher; of its first message, where each message has its own. */
  topicOf(publisher: number): string {
    return this.#topicsOf(publisher)(0)
  }

  /** Where what comes of its messages arrives, with a mark for the number of the message, if that is in it. */
  arrivalTopicOf(publisher: number): string {
    return this.#settings.mode === 'rpc' ? this.replyTopicOf(publisher) : this.#topicsOf(publisher)(numberMark)
  }

  /** What makes the topic of each message; undefined where one serves them all. */
  messageTopicsOf(publisher: number): ((sequence: number) => string) | undefined {
    return hasPlaceholder(this.#settings.topic, `s${chancePlace}`) ? this.#topicsOf(publisher) : undefined
  }

  #topicsOf(publisher: number): (sequence: number | string) => string {
    const { topic } = this.#settings
    const seed = this.#seed
    const names = publisherNames(this.#settings, publisher, this.#runName)
    return (sequence) => {
      if (typeof sequence === 'string') return expandPlaceholders(topic, { ...names, sequence })
      const draw = (place: number, count: number) => drawnNumber({ seed, publisher, sequence }, place, count)
      return expandPlaceholders(topic, { ...names, sequence, draw })
    }
  }

  /** Where the answers to a requester's messages go. */
  replyTopicOf(requester: number): string {
    return replyTopic(this.topicOf(requester))
  }

  /** Without `$share`, which stands before it on the wire. */
  filterOf(subscriber: number): string {
    const { filter, topic, mode } = this.#settings
    if (mode === 'rpc') return this.replyTopicOf(subscriber)
    if (filter !== undefined) return this.#ofSubscriber(filter, subscriber)
    return this.#isOneToOne ? this.topicOf(subscriber) : filterOfAll(topic)
  }

  /** All that a subscriber subscribes to: the filter by which its messages are counted, and others. */
  filtersOf(subscriber: number): readonly [string, ...string[]] {
    const { also = { topics: [], filters: [] } } = this.#settings
    const filters = also.filters.map((each) => this.#ofSubscriber(each, subscriber))
    return [...new Set([this.filterOf(subscriber), ...also.topics.map(filterOfAll), ...filters])] as [
      string,
      ...string[],
    ]
  }

  #ofSubscriber(filter: string, subscriber: number): string {
    const { clients } = this.#settings
    const draw = (place: number, count: number) =>
      drawnNumber({ seed: this.#seed, publisher: subscriber, sequence: 0 }, place, count)
    return expandPlaceholders(filter, { ...clientNames(clients, subscriber, this.#runName), draw })
  }

  /** A filter of the user's own may name single messages: then nothing says that others were lost. */
  get areNumbered(): boolean {
    const { filter, topic } = this.#settings
    return filter !== undefined && hasPlaceholder(topic, 's')
  }

  /** As many subscribers as publishers, and a topic for each: every subscriber has its publisher. */
  get #isOneToOne(): boolean {
    const { topic, share } = this.#settings
    const { publishers, subscribers } = wholeOf(this.#settings)
    return (
      share === undefined &&
      publishers === subscribers &&
      publishers > 1 &&
      hasPlaceholder(topic, `i${poolPlace}`) &&
      !hasPlaceholder(topic, `s${chancePlace}`)
    )
  }
}
