import type { RateCurve } from './rate-curve.ts'

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
