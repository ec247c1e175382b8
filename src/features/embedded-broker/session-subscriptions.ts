import { topicMatches } from '../../protocol/topic-filter.ts'
import type { QoS } from '../../protocol/wire/packet.ts'

export interface HeldSubscription {
  readonly qos: QoS
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly identifier?: number
}

/** What all subscriptions of one session that match a topic mean together. */
export interface Match {
  /** The highest of them [MQTT-3.3.4-2]. */
  readonly qos: QoS
  readonly retainAsPublished: boolean
  /** All of them [MQTT-3.3.4-4]. */
  readonly identifiers: readonly number[]
}

/** Topics asked for again and again; the table is thrown away when it is full. */
const rememberedTopics = 1000

/**
 * The subscriptions of one session. aedes delivers by whichever matching subscription it finds first and looks the QoS
 * up by topic name, so a wildcard subscription of QoS 0 gets QoS 2 messages: what a message becomes is decided here.
 */
export class SessionSubscriptions {
  readonly #held = new Map<string, HeldSubscription>()
  readonly #matches = new Map<string, Match | undefined>()

  has(filter: string): boolean {
    return this.#held.has(filter)
  }

  get(filter: string): HeldSubscription | undefined {
    return this.#held.get(filter)
  }

  set(filter: string, subscription: HeldSubscription): void {
    this.#held.set(filter, subscription)
    this.#matches.clear()
  }

  delete(filter: string): boolean {
    this.#matches.clear()
    return this.#held.delete(filter)
  }

  /** `own`: the message comes from this very client [MQTT-3.8.3-3]. */
  match(topic: string, own: boolean): Match | undefined {
    const key = own ? `own ${topic}` : `any ${topic}`
    if (this.#matches.has(key)) return this.#matches.get(key)
    if (this.#matches.size >= rememberedTopics) this.#matches.clear()
    const match = this.#combine(topic, own)
    this.#matches.set(key, match)
    return match
  }

  #combine(topic: string, own: boolean): Match | undefined {
    const matching = [...this.#held]
      .filter(([filter, { noLocal }]) => !(own && noLocal) && topicMatches(filter, topic))
      .map(([, subscription]) => subscription)
    if (matching.length === 0) return undefined
    return {
      qos: Math.max(...matching.map(({ qos }) => qos)) as QoS,
      retainAsPublished: matching.some(({ retainAsPublished }) => retainAsPublished),
      identifiers: matching.flatMap(({ identifier }) => (identifier === undefined ? [] : [identifier])),
    }
  }
}
