import { epochMicroseconds } from '../../../connection/clock.ts'
import type { PrecisionTimer } from './precision-timer.ts'

/** What a pacer drives. */
interface Paced {
  /** Microseconds since the run began; Infinity when nothing more is due. */
  readonly dueMicroseconds: number
  /** False when something holds it up: it says `resume` when it may go on. */
  sendDue(runStartMicroseconds: number): boolean
  finish(): void
}

/** Each call costs 20 µs of CPU: what is due sooner after the last one waits for the next. */
const shortestPauseMicroseconds = 200

/** Calls each publisher when its next message is due: a heap by due time, one precision timer. */
export class Pacer<P extends Paced> {
  readonly #heap: P[] = []
  readonly #startMicroseconds: number
  readonly #endMicroseconds: number
  readonly #precisionTimer: PrecisionTimer
  #isStopped = false

  constructor(startMicroseconds: number, endMicroseconds: number, precisionTimer: PrecisionTimer) {
    this.#startMicroseconds = startMicroseconds
    this.#endMicroseconds = endMicroseconds
    this.#precisionTimer = precisionTimer
  }

  start(publishers: readonly P[]): void {
    for (const publisher of publishers) this.#push(publisher)
    this.tick()
  }

  /** The precision timer calls: sends what is due. */
  tick(): void {
    if (this.#isStopped) return
    const now = epochMicroseconds()
    for (let next = this.#heap[0]; next !== undefined && this.#dueAt(next) <= now; next = this.#heap[0]) {
      this.#pop()
      this.#send(next)
    }
    this.#arm(now + shortestPauseMicroseconds)
  }

  /** It was held up, and may go on. */
  resume(publisher: P): void {
    if (this.#isStopped) return
    this.#send(publisher)
    if (this.#heap[0] === publisher) this.#arm(0)
  }

  stop(): void {
    this.#isStopped = true
    this.#precisionTimer.cancel()
  }

  /** Not before this time. */
  #arm(earliestMicroseconds: number): void {
    const [next] = this.#heap
    // One that is gone still stands here, with nothing due before the end: what it never sent is counted.
    if (next === undefined || this.#dueAt(next) >= this.#endMicroseconds) this.#precisionTimer.cancel()
    else this.#precisionTimer.callAt(Math.max(this.#dueAt(next), earliestMicroseconds))
  }

  #send(publisher: P): void {
    if (!publisher.sendDue(this.#startMicroseconds)) return
    if (this.#dueAt(publisher) >= this.#endMicroseconds) publisher.finish()
    else this.#push(publisher)
  }

  #dueAt(publisher: P): number {
    return this.#startMicroseconds + publisher.dueMicroseconds
  }

  #push(publisher: P): void {
    const heap = this.#heap
    let at = heap.push(publisher) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.dueMicroseconds <= publisher.dueMicroseconds) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = publisher
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.dueMicroseconds < heap[child]!.dueMicroseconds) child++
      if (heap[child]!.dueMicroseconds >= last.dueMicroseconds) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
  }
}
