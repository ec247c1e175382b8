import { Worker } from 'node:worker_threads'
import { epochMicroseconds } from '../../../connection/clock.ts'
import { farFuture, type PrecisionTimerMemory, precisionTimerMemory, ring } from './precision-timer-memory.ts'

/** Calls back when a time has come. One call at a time: a new one replaces the last. */
export interface PrecisionTimer {
  /** Microseconds since the epoch. */
  callAt(atMicroseconds: number): void
  cancel(): void
  close(): Promise<void>
}

/** A timer of Node's: whole milliseconds, and up to one of them late. Costs next to nothing. */
export class NodePrecisionTimer implements PrecisionTimer {
  readonly #tick: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(tick: () => void) {
    this.#tick = tick
  }

  callAt(atMicroseconds: number): void {
    this.cancel()
    const milliseconds = Math.floor((atMicroseconds - epochMicroseconds()) / 1000)
    this.#timer = setTimeout(this.#tick, Math.max(1, milliseconds))
  }

  cancel(): void {
    clearTimeout(this.#timer)
  }

  async close(): Promise<void> {
    this.cancel()
  }
}

/**
 * A thread that sleeps for us, to some 60 µs: it waits on shared memory, whose deadline the kernel keeps to the
 * microsecond, and wakes this thread's event loop. Here nothing waits, so what arrives meanwhile is read at once.
 */
export class ThreadPrecisionTimer implements PrecisionTimer {
  readonly #worker: Worker
  readonly #memory: PrecisionTimerMemory

  constructor(threadFile: string, tick: () => void) {
    const shared = new SharedArrayBuffer(precisionTimerMemory.bytes)
    this.#memory = precisionTimerMemory.of(shared)
    this.#worker = new Worker(threadFile, { workerData: shared })
    this.#worker.on('message', tick)
  }

  callAt(atMicroseconds: number): void {
    ring(this.#memory, BigInt(Math.floor(atMicroseconds)))
  }

  cancel(): void {
    ring(this.#memory, farFuture)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
