/** What waited at the broker for a subscriber when it first got less than was sent to it. */
export interface LossFigures {
  /** When the last message before it was due, microseconds since the epoch. */
  readonly atMicroseconds: number
  /** Due until then, that one included, and not arrived yet. */
  readonly backlog: number
}

/** Older arrivals than these are no backlog of anybody. */
const mostArrivals = 262_144

/**
 * Finds where a broker began to drop what one subscriber was owed: when a gap shows, messages that arrived after the last
 * one before it was due are what waited for the subscriber then.
 */
export class FirstLoss {
  found: LossFigures | undefined
  #arrivals = new Float64Array(1024)
  #count = 0
  #lastDueMicroseconds = 0

  arrived(isAfterGap: boolean, dueMicroseconds: number, nowMicroseconds: number): void {
    if (this.found !== undefined) return
    if (isAfterGap && this.#count > 0) {
      const atMicroseconds = this.#lastDueMicroseconds
      this.found = { atMicroseconds, backlog: this.#arrivedAfter(atMicroseconds) }
      this.#arrivals = new Float64Array(0)
      return
    }
    this.#lastDueMicroseconds = dueMicroseconds
    this.#keep(nowMicroseconds)
  }

  #arrivedAfter(microseconds: number): number {
    const kept = this.#arrivals.subarray(0, Math.min(this.#count, this.#arrivals.length))
    return kept.reduce((sum, at) => (at > microseconds ? sum + 1 : sum), 0)
  }

  #keep(nowMicroseconds: number): void {
    if (this.#count === this.#arrivals.length && this.#count < mostArrivals) {
      const larger = new Float64Array(this.#arrivals.length * 2)
      larger.set(this.#arrivals)
      this.#arrivals = larger
    }
    this.#arrivals[this.#count++ % this.#arrivals.length] = nowMicroseconds
  }
}
