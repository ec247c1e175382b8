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

/** When the messages of one publisher are due, one after the other: its part of the run's one rate. */
export interface ArrivalSchedule {
  /** Microseconds since the run began; Infinity when nothing more is due. */
  readonly dueMicroseconds: number
  advance(): void
}

interface ScheduleParts {
  readonly curve: RateCurve
  readonly publisher: number
  readonly publishers: number
  /** Messages of this publisher, where the run ends by count. */
  readonly messages?: number
}

/** `uniform`: evenly spaced over all publishers, who take turns. `poisson`: independent of one another, at random. */
export function arrivalSchedule(
  parts: ScheduleParts,
  arrival: 'uniform' | 'poisson',
  random: () => number,
): ArrivalSchedule {
  const { publisher, publishers } = parts
  if (arrival === 'uniform') return new CountedSchedule(parts, publisher, () => publishers)
  const gap = () => -Math.log(1 - random()) * publishers
  return new CountedSchedule(parts, gap(), gap)
}

class CountedSchedule implements ArrivalSchedule {
  dueMicroseconds: number
  #position: number
  #left: number
  readonly #curve: RateCurve
  readonly #step: () => number

  constructor({ curve, messages }: ScheduleParts, first: number, step: () => number) {
    this.#curve = curve
    this.#position = first
    this.#step = step
    this.#left = messages ?? Number.POSITIVE_INFINITY
    this.dueMicroseconds = this.#due()
  }

  advance(): void {
    this.#left--
    this.#position += this.#step()
    this.dueMicroseconds = this.#due()
  }

  #due(): number {
    return this.#left > 0 ? this.#curve.microsecondsOf(this.#position) : Number.POSITIVE_INFINITY
  }
}
