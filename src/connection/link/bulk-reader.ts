import { GatheringJudge } from './gathering-judge.ts'

/** Reads smaller than this are worth gathering. */
const smallReadBytes = 16 * 1024
/** Reads closer together than this are a stream, not an event. */
const closeTogetherMs = 2
/** So many small reads in a row are a stream. */
const patience = 16

/** Whose bytes are read. */
export interface ReadsInBulk {
  /** What came is not answered yet, or not written yet: the peer, or the reader of our output, waits for us. */
  readonly isOwing: boolean
}

/**
 * A broker writes each packet by itself, and waking once for each costs 3 to 10 µs. When reads come fast and small, and
 * all that they brought is answered, the thread sleeps for a fraction of a millisecond and lets the kernel gather. Not by
 * a timer, whose shortest time is a millisecond, in which a window of 20 is empty long since; and below every
 * transport: what TLS or a WebSocket hands over piece by piece comes from one read all the same. Rare messages are
 * never delayed. Where it does not help it is not done (`GatheringJudge`).
 */
export class BulkReader {
  #lastReadMs = 0
  #smallReads = 0
  #isScheduled = false
  #napMs = 0
  #last: ReadsInBulk | undefined
  readonly #whenAnswered: (rest: () => void) => void
  readonly #sleep: (ms: number) => void
  readonly #judge = new GatheringJudge()

  constructor(whenAnswered: (rest: () => void) => void, sleep = sleeper()) {
    this.#whenAnswered = whenAnswered
    this.#sleep = sleep
  }

  /** Sleeps behind everything that a read has set off in its turn: writes that end at once, and the answers to them. */
  static forOne(sleep?: (ms: number) => void): BulkReader {
    return new BulkReader(queueMicrotask, sleep)
  }

  /** For all connections of a thread, which sleep together, once for all that a turn of the event loop has brought. */
  static forMany(): BulkReader {
    return new BulkReader(setImmediate)
  }

  /** A read of `bytes`, begun at `nowMs`, was handled. */
  afterRead(reads: ReadsInBulk, bytes: number, nowMs: number): void {
    this.#last = reads
    const sinceLastMs = nowMs - this.#lastReadMs
    this.#lastReadMs = nowMs
    const isStream = bytes < smallReadBytes && sinceLastMs < closeTogetherMs
    this.#smallReads = isStream ? this.#smallReads + 1 : 0
    if (this.#smallReads < patience) {
      this.#judge.interrupted()
      return
    }
    this.#napMs = this.#judge.wokeUp(bytes, sinceLastMs, nowMs)
    if (this.#napMs === 0 || this.#isScheduled) return
    this.#isScheduled = true
    this.#whenAnswered(() => this.#rest())
  }

  #rest(): void {
    this.#isScheduled = false
    if (this.#last?.isOwing === false) this.#sleep(this.#napMs)
  }
}

/** Sleeps without using the processor. */
function sleeper(): (ms: number) => void {
  const never = new Int32Array(new SharedArrayBuffer(4))
  return (ms) => void Atomics.wait(never, 0, 0, ms)
}
