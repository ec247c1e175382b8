import type { Transport } from './transport.ts'

/** A transport that is another one, for who changes one thing about it. */
export class ForwardingTransport implements Transport {
  protected readonly inner: Transport

  constructor(inner: Transport) {
    this.inner = inner
  }

  get onBytes(): Transport['onBytes'] {
    return this.inner.onBytes
  }

  set onBytes(receive: Transport['onBytes']) {
    this.inner.onBytes = receive
  }

  get onClose(): Transport['onClose'] {
    return this.inner.onClose
  }

  set onClose(closed: Transport['onClose']) {
    this.inner.onClose = closed
  }

  get onDrain(): Transport['onDrain'] {
    return this.inner.onDrain
  }

  set onDrain(drained: Transport['onDrain']) {
    this.inner.onDrain = drained
  }

  get onEnd(): Transport['onEnd'] {
    return this.inner.onEnd
  }

  set onEnd(told: Transport['onEnd']) {
    this.inner.onEnd = told
  }

  get writableLength(): number {
    return this.inner.writableLength
  }

  get leftBytes(): number {
    return this.inner.leftBytes
  }

  get arrivedBytes(): number {
    return this.inner.arrivedBytes
  }

  get description(): string {
    return this.inner.description
  }

  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean {
    return this.inner.write(bytes, written)
  }

  pause(): void {
    this.inner.pause()
  }

  resume(): void {
    this.inner.resume()
  }

  end(): void {
    this.inner.end()
  }

  depart(): void {
    this.inner.depart()
  }

  finish(): void {
    this.inner.finish()
  }

  destroy(): void {
    this.inner.destroy()
  }

  reset(): void {
    this.inner.reset()
  }
}
