import { epochMicroseconds } from '../../../connection/clock.ts'

/** Enough for a broker near by. What is under way outlives V8's nursery: 128 at once leave 2 KB more behind for each. */
const fewestAtOnce = 16
/** More only wait in the broker's backlog. */
export const mostAtOnce = 128
/** So much more must a doubling have brought to be worth another one. */
const worthwhileGain = 1.2
/** Above this part of its time our thread is what limits, and more at once would only queue here. */
const busy = 0.7

/** How many connections may be on their way at once: doubled as long as that brings more of them in. */
export class ConnectWindow {
  size = fewestAtOnce
  #answered = 0
  #sinceMicroseconds = epochMicroseconds()
  #sinceUse = performance.eventLoopUtilization()
  #bestPerMicrosecond = 0

  /** A connection was answered: accepted or not. */
  answered(): void {
    if (++this.#answered < this.size * 4) return
    const now = epochMicroseconds()
    const use = performance.eventLoopUtilization()
    const perMicrosecond = this.#answered / (now - this.#sinceMicroseconds)
    const isIdle = performance.eventLoopUtilization(use, this.#sinceUse).utilization < busy
    if (isIdle && perMicrosecond > this.#bestPerMicrosecond * worthwhileGain) {
      this.size = Math.min(mostAtOnce, this.size * 2)
    }
    this.#bestPerMicrosecond = Math.max(perMicrosecond, this.#bestPerMicrosecond)
    this.#answered = 0
    this.#sinceMicroseconds = now
    this.#sinceUse = use
  }
}
