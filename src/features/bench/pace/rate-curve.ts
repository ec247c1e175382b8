import type { Stage } from '../settings.ts'

interface Segment {
  /** Messages due before it begins. */
  readonly countBefore: number
  readonly startMicroseconds: number
  /** Messages per microsecond at its beginning, and how much that grows with each microsecond. */
  readonly rate: number
  readonly growth: number
}

/** How many messages are due by when, over a whole run: the inverse is what a schedule asks for. */
export class RateCurve {
  /** Messages due over the whole curve. */
  readonly total: number
  readonly #segments: readonly Segment[]

  private constructor(segments: readonly Segment[], total: number) {
    this.#segments = segments
    this.total = total
  }

  static constant(ratePerSecond: number, durationMs: number): RateCurve {
    const rate = ratePerSecond / 1e6
    return new RateCurve([{ countBefore: 0, startMicroseconds: 0, rate, growth: 0 }], rate * durationMs * 1000)
  }

  /** From nothing to the first stage's rate, and on from stage to stage. */
  static stages(stages: readonly Stage[]): RateCurve {
    const segments: Segment[] = []
    let countBefore = 0
    let startMicroseconds = 0
    let rate = 0
    for (const { durationMs, ratePerSecond } of stages) {
      const microseconds = durationMs * 1000
      const last = ratePerSecond / 1e6
      segments.push({ countBefore, startMicroseconds, rate, growth: (last - rate) / microseconds })
      countBefore += ((rate + last) / 2) * microseconds
      startMicroseconds += microseconds
      rate = last
    }
    return new RateCurve(segments, countBefore)
  }

  /** When the message with this number (counted from 0, fractions allowed) is due, microseconds; never: Infinity. */
  microsecondsOf(count: number): number {
    if (count >= this.total) return Number.POSITIVE_INFINITY
    const { countBefore, startMicroseconds, rate, growth } = this.#segmentOf(count)
    const rest = count - countBefore
    // rest = rate·t + growth·t²/2, solved in the form that also holds where the rate does not change.
    return (
      startMicroseconds +
      (rest === 0 ? 0 : (2 * rest) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * growth * rest))))
    )
  }

  #segmentOf(count: number): Segment {
    let index = this.#segments.length - 1
    while (index > 0 && this.#segments[index]!.countBefore > count) index--
    return this.#segments[index]!
  }
}
