import { Socket } from 'node:net'
import type { Duplex, Writable } from 'node:stream'
import type { MqttCliError } from '../../errors.ts'
import type { ByteSource } from './byte-source.ts'
import { CloseNotice } from './close-notice.ts'
import { leftBytesOf } from './left-bytes.ts'
import type { Transport } from './transport.ts'

/** From here on the writer should wait. As large as the batches that are written: one may wait, not two. */
export const fullAtBytes = 64 * 1024

/** How long the peer may take to close after our FIN. */
const CLOSING_GRACE_MS = 1000

const ignore = () => {}

/** What an error of the socket means to who uses this connection. */
type Explain = (description: string, error: Error) => MqttCliError

/** A Transport over a connected socket: TCP and unix directly, TLS too; and over any stream that a listener handed out. */
export class SocketTransport extends CloseNotice implements Transport {
  onDrain: () => void = ignore
  readonly description: string
  readonly #socket: Duplex
  readonly #source: ByteSource
  readonly #carrier: Socket | undefined
  #cause: MqttCliError | undefined
  #ending = false
  #finished = false
  #onEnd: (() => void) | undefined
  #drainWanted = false
  #paused = false
  #listening = false

  /** `carrier`: the socket of the kernel that its bytes leave on, where it is known. */
  constructor(socket: Duplex, source: ByteSource, description: string, explain: Explain, carrier?: Socket) {
    super()
    this.#socket = socket
    this.#source = source
    this.#carrier = carrier
    this.description = description
    socket.on('error', (error) => {
      // After end() nothing is left to lose: a peer that resets then is only impolite.
      if (!this.#ending) this.#cause ??= explain(this.description, error)
    })
    // Each comes once, and `once` would keep 200 bytes to make sure of it.
    socket.on('end', () => this.#peerFinished())
    socket.on('close', () => {
      source.flush()
      this.tellClosed(this.#cause)
    })
  }

  get onBytes(): (bytes: Buffer) => void {
    return this.#source.onBytes
  }

  set onBytes(receive: (bytes: Buffer) => void) {
    if (this.#ending) return
    this.#source.onBytes = receive
    this.#listening = true
    if (!this.#paused) this.#source.resume()
  }

  get onEnd(): (() => void) | undefined {
    return this.#onEnd
  }

  set onEnd(told: (() => void) | undefined) {
    this.#onEnd = told
    this.#socket.allowHalfOpen = told !== undefined // or node answers a FIN with ours by itself
  }

  get writableLength(): number {
    return this.#socket.writableLength
  }

  get leftBytes(): number {
    return this.#carrier === undefined ? 0 : leftBytesOf(this.#carrier)
  }

  get arrivedBytes(): number {
    return this.#carrier?.bytesRead ?? 0
  }

  write(bytes: Buffer, written?: (error?: Error | null) => void): boolean {
    if (this.#ending || this.#finished || this.#socket.destroyed) return refuseWrite(written)
    this.#socket.write(bytes, written)
    if (!isFull(this.#socket)) return true
    if (!this.#drainWanted) this.#socket.once('drain', () => this.#drained())
    this.#drainWanted = true
    return false
  }

  pause(): void {
    if (this.#ending) return
    this.#paused = true
    this.#source.pause()
  }

  resume(): void {
    this.#paused = false
    if (this.#listening) this.#source.resume()
  }

  end(): void {
    this.#close(ignore)
  }

  depart(): void {
    this.#close(() => this.#socket.destroy())
  }

  #close(handedOver: () => void): void {
    if (this.#ending) return
    this.#ending = true
    // Read on and throw away: closing with unread bytes would reset the connection, and lose what we sent last.
    this.#source.onBytes = ignore
    this.#source.resume()
    this.#socket.end(handedOver) // TLS says close_notify first
    const grace = setTimeout(() => this.#socket.destroy(), CLOSING_GRACE_MS)
    this.#socket.once('close', () => clearTimeout(grace))
  }

  finish(): void {
    if (this.#ending || this.#finished) return
    this.#finished = true
    this.#socket.end()
  }

  destroy(): void {
    this.#ending = true
    this.#source.onBytes = ignore
    this.#socket.destroy()
  }

  reset(): void {
    // Node's resetAndDestroy() sends a FIN before the RST, which says that all is well. This is what it does after that.
    if (isPlainSocket(this.#socket)) Object.assign(this.#socket, { resetAndClosing: true })
    this.destroy()
  }

  #peerFinished(): void {
    this.#source.flush()
    if (this.#ending || this.#onEnd === undefined) this.#socket.destroy()
    else this.#onEnd()
  }

  #drained(): void {
    this.#drainWanted = false
    this.onDrain()
  }
}

/** TCP, whose handle can reset; TLS cannot. */
export function isPlainSocket(stream: Duplex): boolean {
  return stream instanceof Socket && stream.remoteFamily !== undefined && !('encrypted' in stream)
}

/**
 * Whether to wait for the stream's `drain`. Asked after the write, when what the kernel took at once is gone already;
 * and never said where the stream itself does not mean to drain, since then nobody would ever be told.
 */
export function isFull(stream: Writable): boolean {
  return stream.writableLength >= fullAtBytes && stream.writableNeedDrain
}

/** A write on a transport that is closing: the writer learns it, and the next thing that it hears is onClose. */
export function refuseWrite(written: ((error: Error) => void) | undefined): false {
  if (written !== undefined) process.nextTick(written, new Error('the transport is closed'))
  return false
}
