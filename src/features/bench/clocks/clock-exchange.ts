import type { ClockMessage } from './clock-message.ts'
import { type OffsetBounds, offsetBounds, type RoundTrip } from './round-trip.ts'

/** To the shard with this number. */
export interface ClockMail {
  readonly to: number
  readonly message: ClockMessage
}

/**
 * One shard's side of asking others what time it is, and of telling them. What is to be sent is returned; nothing is
 * believed that was not asked for.
 */
export class ClockExchange {
  readonly #self: number
  readonly #now: () => number
  readonly #trips = new Map<number, RoundTrip[]>()
  /** When the question of the present round left for each shard that has not answered it. */
  readonly #open = new Map<number, number>()
  readonly #askers = new Set<number>()
  #round = 0

  /** `now`: microseconds since the epoch. */
  constructor(self: number, now: () => number) {
    this.#self = self
    this.#now = now
  }

  /** One to each of these, which takes the place of what is not answered yet: a late answer says little. */
  questions(shards: readonly number[]): ClockMail[] {
    this.#round++
    this.#open.clear()
    return shards.map((to) => {
      const asked = this.#now()
      this.#open.set(to, asked)
      return { to, message: { clock: 'question', from: this.#self, number: this.#round, asked } }
    })
  }

  /** What to answer to a question; the answer to one of ours is taken in. */
  take(message: ClockMessage): ClockMail | undefined {
    const at = this.#now()
    if (message.clock === 'question') {
      const { from: to, number, asked } = message
      this.#askers.add(to)
      const answer = { clock: 'answer', from: this.#self, number, asked, heard: at } as const
      return { to, message: { ...answer, answered: this.#now() } }
    }
    const { from, number, asked, heard, answered } = message
    if (number !== this.#round || this.#open.get(from) !== asked) return undefined
    this.#open.delete(from)
    const trips = this.#trips.get(from) ?? []
    trips.push({ asked, heard, answered, back: at })
    this.#trips.set(from, trips)
    return undefined
  }

  /** Who asked. */
  get askers(): readonly number[] {
    return [...this.#askers]
  }

  /** Everybody has answered the questions of this round. */
  get isAnswered(): boolean {
    return this.#open.size === 0
  }

  /** Of each shard that answered, what its clock may be ahead of ours by; then begins anew. */
  takeBounds(): ReadonlyMap<number, OffsetBounds> {
    const bounds = new Map([...this.#trips].map(([peer, trips]) => [peer, offsetBounds(trips)!]))
    this.#trips.clear()
    return bounds
  }
}
