/** Where each count lies; wholes of 32 bits, which wrap around and are never read in halves. */
const writtenOffAt = 0
const limitAt = 1
const firstThreadAt = 2
const countsEach = 2
const mostThreads = 256

/** What all threads of a run share, so that each knows how much is on its way. */
export function flightMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer((firstThreadAt + countsEach * mostThreads) * Int32Array.BYTES_PER_ELEMENT)
}

/**
 * What was sent and has not arrived, over all threads of a run. Where nobody of ours subscribes, what was sent and the
 * broker has not read. What comes out of its order settles what should have come before: it was lost.
 */
export class Flight {
  readonly #counts: Int32Array
  readonly #owedAt: number
  readonly #threads: number

  /** `thread`: whose counts these are; who only looks may be none of them. */
  constructor(memory: SharedArrayBuffer, thread = 0, threads = mostThreads) {
    this.#counts = new Int32Array(memory)
    this.#owedAt = firstThreadAt + countsEach * thread
    this.#threads = threads
  }

  /** So many are on their way from now on. */
  owe(count: number): void {
    this.#counts[this.#owedAt]! += count
  }

  /** So many are on their way no more. */
  settle(count: number): void {
    this.#counts[this.#owedAt + 1]! += count
  }

  /** Sent so far, and settled so far, over all threads: they wrap around, so only differences say something. */
  get owedInAll(): number {
    return this.#sum(0)
  }

  get settledInAll(): number {
    return this.#sum(1)
  }

  /** On their way, as far as anybody can tell. */
  get outstanding(): number {
    return Math.max(0, (this.owedInAll - this.settledInAll) | 0)
  }

  /** The same without what nobody waits for any more. */
  get awaited(): number {
    return (this.owedInAll - this.settledInAll - this.#counts[writtenOffAt]!) | 0
  }

  /** Nobody waits any more for what is on its way now. */
  writeOff(): void {
    this.#counts[writtenOffAt] = (this.owedInAll - this.settledInAll) | 0
  }

  /** How many may be on their way at once; the threads have one window. */
  get limit(): number {
    return this.#counts[limitAt]!
  }

  set limit(count: number) {
    this.#counts[limitAt] = count
  }

  #sum(which: 0 | 1): number {
    let sum = 0
    const end = firstThreadAt + countsEach * this.#threads
    for (let at = firstThreadAt + which; at < end; at += countsEach) sum = (sum + this.#counts[at]!) | 0
    return sum
  }
}
