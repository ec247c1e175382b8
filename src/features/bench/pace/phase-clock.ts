import { epochMicroseconds } from '../../../connection/clock.ts'

/** When each phase of a run begins, microseconds since the epoch. A message belongs to the phase of its intended send. */
export class PhaseClock {
  startMicroseconds = Number.POSITIVE_INFINITY
  measureMicroseconds = Number.POSITIVE_INFINITY
  /** Nothing is due from here on; Infinity where a number of messages ends the run. */
  endMicroseconds = Number.POSITIVE_INFINITY
  #readAt = 0
  #isFresh = false

  start(nowMicroseconds: number, warmupMs: number, measureMs: number): void {
    this.startMicroseconds = nowMicroseconds
    this.measureMicroseconds = nowMicroseconds + warmupMs * 1000
    this.endMicroseconds = this.measureMicroseconds + measureMs * 1000
  }

  /** The same for all that one turn of the event loop brought: they came with the same reads. */
  readMicroseconds(): number {
    if (this.#isFresh) return this.#readAt
    this.#isFresh = true
    this.#readAt = epochMicroseconds()
    queueMicrotask(() => {
      this.#isFresh = false
    })
    return this.#readAt
  }
}
