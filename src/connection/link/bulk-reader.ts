/** Reads smaller than this are worth gathering. */
const smallReadBytes = 16 * 1024
/** Reads closer together than this are a stream, not an event. */
const closeTogetherMs = 1
/** So many small reads in a row, and we let the kernel gather. */
const patience = 4
const gatherMs = 1

interface Readable {
  pause(): void
  resume(): void
}

/**
 * A broker writes each packet by itself, and waking once for each costs 3 µs. When reads come fast and small, stop
 * reading for a millisecond: 2.7 to 1.0 µs a message (docs/performance.md). Rare messages are never delayed.
 */
export class BulkReader {
  /** Off while somebody waits for an acknowledgement, or measures latency. */
  enabled: boolean
  #lastReadMs = 0
  #smallReads = 0
  #timer: NodeJS.Timeout | undefined
  readonly #transport: Readable
  /** Whether something else holds reading back: then it is not ours to resume. */
  readonly #isHeld: () => boolean

  constructor(transport: Readable, isHeld: () => boolean, enabled = true) {
    this.#transport = transport
    this.#isHeld = isHeld
    this.enabled = enabled
  }

  /** A read of `bytes` was handled at `nowMs`. */
  afterRead(bytes: number, nowMs: number): void {
    const isStream = bytes < smallReadBytes && nowMs - this.#lastReadMs < closeTogetherMs + gatherMs
    this.#lastReadMs = nowMs
    this.#smallReads = isStream ? this.#smallReads + 1 : 0
    if (this.#smallReads < patience || !this.enabled || this.#timer !== undefined) return
    this.#transport.pause()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (!this.#isHeld()) this.#transport.resume()
    }, gatherMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
