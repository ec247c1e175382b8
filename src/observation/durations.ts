/** p50, p99 and the longest of some durations, in microseconds. */
export interface DurationFigures {
  readonly count: number
  readonly p50Microseconds: number
  readonly p99Microseconds: number
  readonly maxMicroseconds: number
}

const significantDigits = 4

/** Durations to four digits, so that a day of handshakes takes some ten thousand numbers; the longest is exact. */
export class Durations {
  readonly #counts = new Map<number, number>()
  #count = 0
  #max = 0

  add(microseconds: number): void {
    const rounded = Number(microseconds.toPrecision(significantDigits))
    this.#counts.set(rounded, (this.#counts.get(rounded) ?? 0) + 1)
    this.#count++
    this.#max = Math.max(this.#max, microseconds)
  }

  figures(): DurationFigures {
    const ascending = [...this.#counts].sort(([a], [b]) => a - b)
    const at = (fraction: number) => Math.min(this.#max, valueAt(ascending, Math.ceil(fraction * this.#count)))
    return { count: this.#count, p50Microseconds: at(0.5), p99Microseconds: at(0.99), maxMicroseconds: this.#max }
  }
}

/** The value of the nth in order, counted from 1. */
function valueAt(ascending: readonly (readonly [value: number, count: number])[], nth: number): number {
  let passed = 0
  for (const [value, count] of ascending) {
    passed += count
    if (passed >= nth) return value
  }
  return 0
}
