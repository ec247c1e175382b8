import type { ClockRange, ShardClock } from '../clock-figures.ts'
import type { ShardPart } from '../settings.ts'
import { blockOf } from '../shards/shard-sides.ts'
import type { ClockMail } from './clock-exchange.ts'
import { ClockExchange } from './clock-exchange.ts'
import type { ClockMessage } from './clock-message.ts'
import { clockOffsetOver, middleOf, type OffsetLook } from './clock-offset.ts'

/** The quickest of so many is close to the quickest there is. */
const rounds = 20
/** Who has not answered by then waits in a queue somewhere, and would say little. */
const answerLimitMs = 250
/** A shard that is gone answers none: after so many rounds without an answer of everybody a look is over. */
const mostUnanswered = 4

/** What carries questions and answers: mail that is lost is asked for again. */
export interface ClockPost {
  send(mail: ClockMail): void
  /** Resolves at the next message, or after so long. */
  nextMessage(limitMs: number): Promise<void>
}

interface Looks {
  before?: ReadonlyMap<number, OffsetLook>
  after?: ReadonlyMap<number, OffsetLook>
}

/** How the clocks of other shards stand to ours, by what they answer before the load and after it. */
export class ShardClocks {
  readonly #exchange: ClockExchange
  readonly #part: ShardPart
  readonly #now: () => number
  readonly #looks: Looks = {}
  readonly #post: ClockPost
  #shards: readonly number[] = []

  constructor(part: ShardPart, now: () => number, post: ClockPost) {
    this.#post = post
    this.#part = part
    this.#now = now
    this.#exchange = new ClockExchange(part.index, now)
  }

  /** What to answer to a message of another shard: also where none of their clocks matters here. */
  take(message: ClockMessage): ClockMail | undefined {
    return this.#exchange.take(message)
  }

  /** Whose messages are timed by our clock too. */
  get askers(): readonly number[] {
    return this.#exchange.askers
  }

  /** `shards`: whose clocks matter here; after the load the same as before it. */
  async look(when: 'before' | 'after', shards: readonly number[] = this.#shards): Promise<void> {
    this.#shards = shards
    let unanswered = 0
    for (let round = 0; round < rounds && unanswered < mostUnanswered && shards.length > 0; round++) {
      if (!(await this.#ask())) unanswered++
    }
    const atMicroseconds = this.#now()
    const bounds = [...this.#exchange.takeBounds()]
    this.#looks[when] = new Map(bounds.map(([shard, each]) => [shard, { atMicroseconds, bounds: each }]))
  }

  /** False where somebody did not answer in time. */
  async #ask(): Promise<boolean> {
    for (const mail of this.#exchange.questions(this.#shards)) this.#post.send(mail)
    const deadline = this.#now() + answerLimitMs * 1000
    while (!this.#exchange.isAnswered) {
      const leftMs = (deadline - this.#now()) / 1000
      if (leftMs <= 0) return false
      await this.#post.nextMessage(leftMs)
    }
    return true
  }

  /** For who takes times of messages: by publisher, what is known when the load begins. */
  get ranges(): readonly ClockRange[] {
    const { whole, count } = this.#part
    return [...(this.#looks.before ?? [])].map(([index, { bounds }]) => {
      const { first, size } = blockOf(whole.publishers, { index, count })
      return { firstPublisher: first, endPublisher: first + size, offsetMicroseconds: middleOf(bounds) }
    })
  }

  get figures(): readonly ShardClock[] {
    const { before, after } = this.#looks
    return this.#shards.map((shard) => ({ shard, ...clockOffsetOver(before?.get(shard), after?.get(shard)) }))
  }
}
