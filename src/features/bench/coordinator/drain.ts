import { epochMicroseconds } from '../../../connection/clock.ts'
import type { Flight } from '../pace/flight.ts'
import { type BenchSettings, wholeOf } from '../settings.ts'
import type { WorkerStatus } from '../workers/load-worker.ts'

/** The user waits: longer than this nothing is expected any more. */
const stoppedDrainMs = 1000

type DrainState =
  | 'going on'
  /** Everything has found its end, and nothing more comes. */
  | 'done'
  /** It may take no longer. */
  | 'over'

/** Says when a load has come to its end: when all has come, or when `--drain` is over, writing included. */
export class Drain {
  isSendingOver = false
  /** For so long nothing has moved. */
  stillMs = 0
  /** When it was over messages still came. */
  isCut = false
  readonly #settings: BenchSettings
  readonly #flight: Flight
  #status: WorkerStatus | undefined
  #movedAtMicroseconds = epochMicroseconds()
  #arrivedAtMicroseconds = 0
  #sentAllAtMicroseconds: number | undefined

  constructor(settings: BenchSettings, flight: Flight) {
    this.#settings = settings
    this.#flight = flight
  }

  sample(status: WorkerStatus, isSendingOver: boolean): void {
    const now = epochMicroseconds()
    if (status.progress !== this.#status?.progress) this.#movedAtMicroseconds = now
    if (status.arrivals !== this.#status?.arrivals) this.#arrivedAtMicroseconds = now
    if (isSendingOver) this.#sentAllAtMicroseconds ??= now
    this.#status = status
    this.isSendingOver = isSendingOver
    this.stillMs = (now - this.#movedAtMicroseconds) / 1000
  }

  /** `endMicroseconds`: of measuring. `othersSentAt`: when the last of other shards sent; undefined while one does. */
  state(endMicroseconds: number, wasStopped: boolean, othersSentAt: number | undefined): DrainState {
    const { subscribers, quietMs, drainMs, end } = this.#settings
    if (this.isSendingOver && wholeOf(this.#settings).publishers === 0) return 'done' // those elsewhere may go on for ever
    const isServed = this.#status?.unacknowledged === 0 && this.#flight.outstanding === 0
    const isQuiet = subscribers === 0 || (this.stillMs >= quietMs && isOver(othersSentAt, quietMs))
    if (this.isSendingOver && isServed && isQuiet) return 'done'
    const isStuck = end.by === 'messages' && this.stillMs >= drainMs
    if (!isStuck && this.leftMs(endMicroseconds, wasStopped) > 0) return 'going on'
    this.isCut = epochMicroseconds() - this.#arrivedAtMicroseconds < quietMs * 1000
    return 'over'
  }

  /** Of the time that draining may take. */
  leftMs(endMicroseconds: number, wasStopped: boolean): number {
    const { drainMs, end } = this.#settings
    const byNumber = end.by === 'messages' && !wasStopped
    const began = byNumber ? (this.#sentAllAtMicroseconds ?? Number.POSITIVE_INFINITY) : endMicroseconds
    const limitMs = wasStopped ? Math.min(stoppedDrainMs, drainMs) : drainMs
    return Math.max(0, limitMs - (epochMicroseconds() - began) / 1000)
  }
}

/** What they sent last has had its time to come. */
function isOver(othersSentAt: number | undefined, quietMs: number): boolean {
  return othersSentAt !== undefined && epochMicroseconds() - othersSentAt >= quietMs * 1000
}
