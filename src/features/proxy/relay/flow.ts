import { monotonicMs } from '../../../connection/clock.ts'
import type { Transport } from '../../../connection/transport/transport.ts'
import { ReadThrottle } from './read-throttle.ts'

/** Bytes that may wait for their delay; beyond that, reading stops. */
const mostQueuedBytes = 1024 * 1024

interface Waiting {
  readonly bytes: Buffer
  readonly dueMs: number
  /** When the bytes have been handed on. */
  readonly then: (() => void) | undefined
}

const nothing = Buffer.alloc(0)

/** One direction: bytes from one side to the other in their order, no faster than the other side takes them. */
export class Flow {
  readonly throttle: ReadThrottle
  readonly #to: Transport
  readonly #queue: Waiting[] = []
  #queuedBytes = 0
  #timer: NodeJS.Timeout | undefined
  #isOver = false
  /** From the sender, whatever became of it. */
  receivedBytes = 0

  constructor(from: Transport, to: Transport) {
    this.throttle = new ReadThrottle(from)
    this.#to = to
    to.onDrain = () => this.throttle.release('full')
  }

  /** The bytes are the flow's from here on. */
  send(bytes: Buffer): void {
    this.sendLater(bytes, 0)
  }

  /** What comes after it waits too: a slow network delays and does not reorder. */
  sendLater(bytes: Buffer, delayMs: number, then?: () => void): void {
    if (this.#isOver) return
    if (delayMs === 0 && this.#queue.length === 0) {
      this.#write(bytes)
      then?.()
      return
    }
    this.#queue.push({ bytes, dueMs: monotonicMs() + delayMs, then })
    this.#queuedBytes += bytes.length
    if (this.#queuedBytes > mostQueuedBytes) this.throttle.hold('queued')
    this.#waitForHead()
  }

  /** FIN, behind everything that waits. */
  finish(): void {
    this.afterAll(() => this.#to.finish())
  }

  afterAll(then: () => void): void {
    this.sendLater(nothing, 0, then)
  }

  /** The receiver is gone: what still comes is thrown away. */
  stop(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#queue.length = 0
    this.throttle.release('full')
    this.throttle.release('queued')
  }

  #write(bytes: Buffer): void {
    if (this.#isOver || bytes.length === 0) return
    if (!this.#to.write(bytes)) this.throttle.hold('full')
  }

  #waitForHead(): void {
    const [head] = this.#queue
    if (head === undefined || this.#timer !== undefined) return
    this.#timer = setTimeout(() => this.#sendDue(), Math.max(0, head.dueMs - monotonicMs()))
  }

  #sendDue(): void {
    this.#timer = undefined
    for (let head = this.#queue[0]; head !== undefined && head.dueMs <= monotonicMs(); head = this.#queue[0]) {
      this.#queue.shift()
      this.#queuedBytes -= head.bytes.length
      this.#write(head.bytes)
      head.then?.()
    }
    if (this.#queuedBytes <= mostQueuedBytes) this.throttle.release('queued')
    this.#waitForHead()
  }
}
