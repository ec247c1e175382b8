import { ForwardingTransport } from './forwarding-transport.ts'
import { refuseWrite } from './socket-transport.ts'
import type { Transport } from './transport.ts'

/** Well above the chunks that packets are gathered in: only a large payload is cut. */
export const sliceBytes = 1024 * 1024
/** As for any transport: a peer that does not take the rest by then does not get it. */
const closingGraceMs = 1000

type Written = (error?: Error | null) => void

interface Unsliced {
  readonly bytes: Buffer
  readonly written: Written | undefined
  from: number
}

/**
 * TLS encrypts a write as a whole, and WebSocket masks it, before its first byte leaves: each a copy of a payload that
 * may have 256 MB. So a large write goes out slice by slice, the next when the kernel has the last.
 */
export class SlicingTransport extends ForwardingTransport {
  readonly #waiting: Unsliced[] = []
  #waitingBytes = 0
  #onDrain: () => void = () => {}
  #drainWanted = false
  /** How it ends once the last slice is out. */
  #ending: (() => void) | undefined

  constructor(inner: Transport) {
    super(inner)
    inner.onDrain = () => this.#drained()
  }

  override get onDrain(): Transport['onDrain'] {
    return this.#onDrain
  }

  override set onDrain(drained: Transport['onDrain']) {
    this.#onDrain = drained
  }

  override get writableLength(): number {
    return this.inner.writableLength + this.#waitingBytes
  }

  override write(bytes: Buffer, written?: Written): boolean {
    if (this.#ending !== undefined) return refuseWrite(written)
    if (this.#waiting.length === 0 && bytes.length <= sliceBytes) {
      const isTaken = this.inner.write(bytes, written)
      this.#drainWanted ||= !isTaken
      return isTaken
    }
    this.#drainWanted = true
    this.#waitingBytes += bytes.length
    if (this.#waiting.push({ bytes, written, from: 0 }) === 1) this.#next()
    return false
  }

  override end(): void {
    this.#endBy(() => this.inner.end())
  }

  override depart(): void {
    this.#endBy(() => this.inner.depart())
  }

  override finish(): void {
    if (this.#waiting.length === 0) this.inner.finish()
    else this.#ending ??= () => this.inner.finish()
  }

  #endBy(end: () => void): void {
    if (this.#waiting.length === 0) {
      end()
      return
    }
    const grace = setTimeout(() => this.inner.destroy(), closingGraceMs)
    this.#ending = () => {
      clearTimeout(grace)
      end()
    }
  }

  #next(): void {
    const [first] = this.#waiting
    if (first === undefined) {
      this.#allOut()
      return
    }
    const slice = first.bytes.subarray(first.from, first.from + sliceBytes)
    first.from += slice.length
    this.#waitingBytes -= slice.length
    const isLast = first.from === first.bytes.length
    this.inner.write(slice, (error) => {
      if (error != null) this.#failed(error)
      else {
        if (isLast) this.#waiting.shift()?.written?.()
        this.#next()
      }
    })
  }

  #allOut(): void {
    this.#ending?.()
    this.#drained()
  }

  #failed(error: Error): void {
    this.#waitingBytes = 0
    for (const { written } of this.#waiting.splice(0)) written?.(error)
    this.#ending?.()
  }

  #drained(): void {
    if (this.#waiting.length > 0 || !this.#drainWanted) return
    this.#drainWanted = false
    this.#onDrain()
  }
}
