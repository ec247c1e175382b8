import { epochMicroseconds } from '../../../connection/clock.ts'
import type { LatencyFigures } from '../events.ts'
import { LatencyRecorder } from './latency-recorder.ts'

const periodMs = 10

/** How much later than asked this thread gets its turn: what delays every message of ours as well. */
export class LoopDelay {
  readonly #recorder = new LatencyRecorder()
  #timer: NodeJS.Timeout | undefined
  #isMeasuring = false
  #lastMicroseconds = 0
  #maxMicroseconds = 0

  start(): void {
    this.#lastMicroseconds = epochMicroseconds()
    this.#timer = setInterval(() => this.#sample(), periodMs)
  }

  /** From here on it counts for the whole. */
  measure(isMeasuring: boolean): void {
    this.#isMeasuring = isMeasuring
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The longest since the last call. */
  takeMaxMicroseconds(): number {
    const max = this.#maxMicroseconds
    this.#maxMicroseconds = 0
    return max
  }

  get figures(): LatencyFigures {
    return this.#recorder.figures
  }

  encoded(): string {
    return this.#recorder.encoded()
  }

  #sample(): void {
    const now = epochMicroseconds()
    const delay = Math.max(0, now - this.#lastMicroseconds - periodMs * 1000)
    this.#lastMicroseconds = now
    this.#maxMicroseconds = Math.max(this.#maxMicroseconds, delay)
    if (this.#isMeasuring) this.#recorder.record(delay)
  }
}
