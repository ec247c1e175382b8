import type { Sender } from '../../protocol/wire/packet.ts'
import type { Transport } from './transport.ts'

export type TapListener = (sender: Sender, bytes: Buffer, atNanoseconds: bigint) => void

/**
 * Shows a copy of every byte that passes, both ways, to a listener: inbound bytes before anybody acts on them, outbound
 * ones as they are handed to the socket. Only for who asked to see the wire: without a tap nothing is copied.
 */
export function tapTransport(transport: Transport, listener: TapListener): Transport {
  return new TappedTransport(transport, listener)
}

class TappedTransport implements Transport {
  readonly #inner: Transport
  readonly #listener: TapListener
  #receive: (bytes: Buffer) => void = () => {}

  constructor(inner: Transport, listener: TapListener) {
    this.#inner = inner
    this.#listener = listener
  }

  get onBytes(): Transport['onBytes'] {
    return this.#receive
  }

  set onBytes(receive: Transport['onBytes']) {
    this.#receive = receive
    this.#inner.onBytes = (bytes) => {
      this.#listener('server', Buffer.from(bytes), process.hrtime.bigint())
      this.#receive(bytes)
    }
  }

  get onClose(): Transport['onClose'] {
    return this.#inner.onClose
  }

  set onClose(closed: Transport['onClose']) {
    this.#inner.onClose = closed
  }

  get onDrain(): Transport['onDrain'] {
    return this.#inner.onDrain
  }

  set onDrain(drained: Transport['onDrain']) {
    this.#inner.onDrain = drained
  }

  get onEnd(): Transport['onEnd'] {
    return this.#inner.onEnd
  }

  set onEnd(told: Transport['onEnd']) {
    this.#inner.onEnd = told
  }

  get writableLength(): number {
    return this.#inner.writableLength
  }

  get description(): string {
    return this.#inner.description
  }

  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean {
    this.#listener('client', Buffer.from(bytes), process.hrtime.bigint())
    return this.#inner.write(bytes, written)
  }

  pause(): void {
    this.#inner.pause()
  }

  resume(): void {
    this.#inner.resume()
  }

  end(): void {
    this.#inner.end()
  }

  finish(): void {
    this.#inner.finish()
  }

  destroy(): void {
    this.#inner.destroy()
  }

  reset(): void {
    this.#inner.reset()
  }
}
