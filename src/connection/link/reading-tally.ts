/** Shorter ones tell more of the scheduler than of the peer. */
const longMs = 4
const longWakeUps = 8
/** A window goes out in a burst, and one burst more or less is no rate. */
const longGaps = 10

/** What came, in how many wake-ups and in what time. */
export class ReadingTally {
  #bytes = 0
  #wakeUps = 0
  #ms = 0
  #longestGapMs = 0

  count(bytes: number, gapMs: number): void {
    this.#bytes += bytes
    this.#wakeUps += 1
    this.#ms += gapMs
    if (gapMs > this.#longestGapMs) this.#longestGapMs = gapMs
  }

  /** Long enough to say something of the peer. */
  get isLong(): boolean {
    return this.#wakeUps >= longWakeUps && this.#ms >= Math.max(longMs, this.#longestGapMs * longGaps)
  }

  add(other: ReadingTally): void {
    this.#bytes += other.#bytes
    this.#wakeUps += other.#wakeUps
    this.#ms += other.#ms
  }

  clear(): void {
    this.#bytes = 0
    this.#wakeUps = 0
    this.#ms = 0
    this.#longestGapMs = 0
  }

  get wakeUps(): number {
    return this.#wakeUps
  }

  get bytesPerMs(): number {
    return this.#bytes / this.#ms
  }

  get bytesEach(): number {
    return this.#bytes / this.#wakeUps
  }
}
