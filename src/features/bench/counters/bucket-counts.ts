/** Values below this have a bucket each; above it buckets double in width: 3 significant digits, as HDR has them. */
const exactBelow = 2048
const exactBits = 11
const buckets = exactBelow + (32 - exactBits) * (exactBelow / 2)
/** One hour in microseconds, the highest value that is kept apart. */
export const highestMicroseconds = 3_600_000_000

/**
 * Counts of one second, in the buckets of an HDR histogram of 3 digits: recording is one addition, where the library
 * takes 100 ns. Emptied into real histograms once a second.
 */
export class BucketCounts {
  total = 0
  readonly #counts = new Uint32Array(buckets)
  #lowest = buckets
  #highest = -1

  record(microseconds: number): void {
    const value =
      microseconds > 0 ? (microseconds < highestMicroseconds ? microseconds | 0 : highestMicroseconds) >>> 0 : 0
    const index = value < exactBelow ? value : indexOf(value)
    this.#counts[index]!++
    this.total++
    if (index < this.#lowest) this.#lowest = index
    if (index > this.#highest) this.#highest = index
  }

  /** Hands over each value with its count, ascending, and begins anew. */
  drain(take: (microseconds: number, count: number) => void): void {
    for (let index = this.#lowest; index <= this.#highest; index++) {
      const count = this.#counts[index]!
      if (count > 0) take(lowestOf(index), count)
    }
    this.#counts.fill(0, this.#lowest, this.#highest + 1)
    this.total = 0
    this.#lowest = buckets
    this.#highest = -1
  }
}

/** How many values the bucket of this one holds. */
export function bucketWidth(microseconds: number): number {
  return microseconds < exactBelow ? 1 : 2 ** shiftOf(microseconds)
}

function shiftOf(value: number): number {
  return 32 - exactBits - Math.clz32(value)
}

function indexOf(value: number): number {
  const shift = shiftOf(value)
  return shift * (exactBelow / 2) + (value >>> shift)
}

/** The lowest value of a bucket: it falls into the same bucket of the library's. */
function lowestOf(index: number): number {
  if (index < exactBelow) return index
  const shift = Math.floor(index / (exactBelow / 2)) - 1
  return (index - shift * (exactBelow / 2)) * 2 ** shift
}
