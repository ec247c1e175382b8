import { MetWithSilence } from './connect-failures.ts'
import type { Link } from './link/link.ts'

/** Ends a connection on which CONNECT is met with silence for so long. */
export class SilenceWatch {
  readonly waitMs: number
  isOver = false
  readonly #timer: NodeJS.Timeout

  constructor(link: Link, waitMs: number) {
    this.waitMs = waitMs
    this.#timer = setTimeout(() => this.#end(link), waitMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #end(link: Link): void {
    if (link.hasReceived) return
    this.isOver = true
    link.fail(new MetWithSilence(this.waitMs).error)
  }
}
