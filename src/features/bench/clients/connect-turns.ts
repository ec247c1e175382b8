import { monotonicMs } from '../../../connection/clock.ts'
import { mostAtOnce } from './connect-window.ts'

/**
 * Lets so many of a thread's clients connect again at once, and the others wait for their turn: were a thousand under
 * way together, each handshake would wait for all the others, until the deadline of nearly all of them was over. That
 * deadline begins with the turn.
 */
export class ConnectTurns {
  #free = mostAtOnce
  readonly #waiting: Array<() => void> = []

  /** `open` is told what is left then of the time for all attempts. */
  async take<T>(leftMs: number, open: (leftMs: number) => Promise<T>): Promise<T> {
    const beganMs = monotonicMs()
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await open(leftMs - (monotonicMs() - beganMs))
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
