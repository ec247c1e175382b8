import type { SequenceRanges } from './sequence-ranges.ts'

/** What an arrival is to its publisher's order. Numbers: there is one for each message. */
export const Arrival = {
  inOrder: 0,
  /** The first of its number, behind a higher one. */
  reordered: 1,
  duplicate: 2,
} as const
export type Arrival = (typeof Arrival)[keyof typeof Arrival]

/** Gaps that are remembered; the oldest beyond them are lost for good, and what still comes of them is a duplicate. */
const mostGaps = 65_536

/** Which numbers of one publisher have come to one subscriber. Holds the gaps and nothing else: no message costs memory. */
export class SequenceTrack {
  /** One above the highest number seen. */
  next: number
  /** Starts and ends (exclusive) of the gaps, ascending, in turn. */
  readonly #gaps: number[] = []
  #forgotten = 0

  /** `first`: the number that should come first. */
  constructor(first: number) {
    this.next = first
  }

  arrive(sequence: number): Arrival {
    if (sequence === this.next) {
      this.next++
      return Arrival.inOrder
    }
    if (sequence < this.next) return this.#fill(sequence)
    this.#gaps.push(this.next, sequence)
    this.next = sequence + 1
    if (this.#gaps.length > 2 * mostGaps) this.#forgetOldest()
    return Arrival.inOrder
  }

  /** How many numbers in `[from, to)` never came. */
  missing(from: number, to: number): number {
    let count = Math.max(0, to - Math.max(from, this.next))
    for (let index = 0; index < this.#gaps.length; index += 2) {
      count += Math.max(0, Math.min(to, this.#gaps[index + 1]!) - Math.max(from, this.#gaps[index]!))
    }
    return count + this.#forgotten
  }

  /** The numbers in `[from, to)` that never came, as ranges; undefined where some were forgotten, and nobody knows which. */
  missingRanges(from: number, to: number): SequenceRanges | undefined {
    if (this.#forgotten > 0) return undefined
    const ranges: number[] = []
    for (let index = 0; index <= this.#gaps.length; index += 2) {
      const start = Math.max(from, this.#gaps[index] ?? this.next)
      const end = Math.min(to, this.#gaps[index + 1] ?? to)
      if (start < end) ranges.push(start, end)
    }
    return ranges
  }

  #fill(sequence: number): Arrival {
    const index = this.#gapWith(sequence)
    if (index === undefined) return Arrival.duplicate
    const start = this.#gaps[index]!
    const end = this.#gaps[index + 1]!
    const left = [...(start < sequence ? [start, sequence] : []), ...(sequence + 1 < end ? [sequence + 1, end] : [])]
    this.#gaps.splice(index, 2, ...left)
    return Arrival.reordered
  }

  /** The index of the gap that holds this number. */
  #gapWith(sequence: number): number | undefined {
    let low = 0
    let high = this.#gaps.length / 2
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#gaps[2 * middle + 1]! <= sequence) low = middle + 1
      else high = middle
    }
    const start = this.#gaps[2 * low]
    return start !== undefined && start <= sequence ? 2 * low : undefined
  }

  #forgetOldest(): void {
    const [start = 0, end = 0] = this.#gaps.splice(0, 2)
    this.#forgotten += end - start
  }
}
