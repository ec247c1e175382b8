import type { Transport } from '../../../src/connection/transport/transport.ts'
import type { MqttCliError } from '../../../src/errors.ts'
import { fromHex } from '../packets/hex.ts'
import { Changing } from '../program/patience.ts'

/** A transport in the hands of a test: it says what comes, sees what goes, and when the kernel takes it. */
export class FakeTransport implements Transport {
  onBytes: (bytes: Buffer) => void = () => {}
  onClose: (cause: MqttCliError | undefined) => void = () => {}
  onDrain: () => void = () => {}
  onEnd: (() => void) | undefined = undefined
  readonly description = 'fake'
  readonly writableLength = 0
  leftBytes = 0
  arrivedBytes = 0
  /** Each write as it came, copied: the writer may use its buffer again. */
  readonly writes: Buffer[] = []
  /** Answers `write` with false: the kernel takes no more for now. */
  isFull = false
  /** Keeps what was written until `takeWrites`, as a slow kernel does. */
  isSlow = false
  isPaused = false
  hasEnded = false
  /** Ended without waiting for the peer. */
  hasDeparted = false
  isDestroyed = false
  #untaken: Array<(() => void) | undefined> = []
  readonly #changing = new Changing()

  get sent(): string {
    return Buffer.concat(this.writes).toString('hex')
  }

  /** What was sent since the last call. */
  takeSent(): string {
    const { sent } = this
    this.writes.length = 0
    return sent
  }

  /** Resolves with the nth write since the last `takeSent`, from 1. */
  whenWritten(nth: number): Promise<string> {
    const look = () => this.writes[nth - 1]?.toString('hex')
    return this.#changing.when(look, () => `write ${nth}; came: ${this.sent}`)
  }

  deliver(bytes: string | Buffer): void {
    if (!this.hasEnded && !this.isDestroyed) this.onBytes(typeof bytes === 'string' ? fromHex(bytes) : bytes)
  }

  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean {
    if (this.hasEnded || this.isDestroyed) return false
    this.writes.push(Buffer.from(bytes))
    if (this.isSlow) this.#untaken.push(written)
    else written?.()
    this.#changing.changed()
    return !this.isFull
  }

  /** The kernel takes what it had not. */
  takeWrites(): void {
    for (const written of this.#untaken.splice(0)) written?.()
  }

  drain(): void {
    this.isFull = false
    this.onDrain()
  }

  /** The connection is gone, whoever ended it. */
  close(cause?: MqttCliError): void {
    this.onClose(cause)
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  end(): void {
    this.hasEnded = true
  }

  depart(): void {
    this.hasEnded = true
    this.hasDeparted = true
  }

  finish(): void {
    this.hasEnded = true
  }

  destroy(): void {
    this.isDestroyed = true
  }

  reset(): void {
    this.isDestroyed = true
  }
}
