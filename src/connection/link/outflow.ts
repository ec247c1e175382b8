/**
 * Less than this written since the peer's last sign of life is no large message: a peer that is silent all the same is
 * found in the usual time.
 */
export const bulkBytes = 16 * 1024

/** A line of 13 kB/s needs so long for what a receiver takes at a time, milliseconds. */
const slowestStepMs = 10_000
/** What others on the way, and the peer's kernel, may hold of it where we cannot see it. */
const hiddenBytes = 256 * 1024

/**
 * Whether bytes still leave while nobody answers: a large message on a slow line has the PINGREQ behind it. Looks again
 * and again, since a queue that is full says nothing; one that gets shorter does.
 */
export class Outflow {
  #firstAt: number | undefined
  #first = 0
  #left = 0
  #leftAt: number | undefined

  /** `leftBytes`: how many have left so far, from whatever beginning. */
  look(leftBytes: number, nowMs: number): void {
    if (this.#firstAt === undefined) {
      this.#firstAt = nowMs
      this.#first = leftBytes
      this.#left = leftBytes
    } else if (leftBytes > this.#left) {
      this.#left = leftBytes
      this.#leftAt = nowMs
    }
  }

  /** When the last of them were seen to leave, if any were. */
  get leftAt(): number | undefined {
    return this.#leftAt
  }

  /** How long the peer may be silent after the last of them left, where it may be for `usualMs` otherwise. */
  patienceMs(usualMs: number): number {
    return Math.max(usualMs, slowestStepMs) + this.#hiddenMs()
  }

  /** What is out of sight goes on at the pace that was seen. */
  #hiddenMs(): number {
    if (this.#firstAt === undefined || this.#leftAt === undefined) return 0
    const seenBytes = this.#left - this.#first
    return (this.#leftAt - this.#firstAt) * Math.min(1, hiddenBytes / seenBytes)
  }
}
