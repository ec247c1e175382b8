import { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import type { Arrival } from '../listen.ts'

const CANNOT_ACCEPT_TEXT = 1003
const NORMAL_CLOSE = 1000

/** A WebSocket message is handed over when it is whole. Of somebody unknown no more than this is gathered. */
const strangerBytes = 64 * 1024

/** The bytes of binary messages, one after the other, as a stream. */
export class WebSocketStream extends Duplex {
  readonly #webSocket: WebSocket
  /** Came since the last whole message. */
  #gatheredBytes = 0
  #mostGatheredBytes = strangerBytes
  #onGathering: (bytes: number) => void = () => {}

  /** `socket` is what carries it: bytes of an unfinished message show there alone. */
  constructor(webSocket: WebSocket, socket: Duplex) {
    super()
    this.#webSocket = webSocket
    socket.on('data', (chunk: Buffer) => this.#gathered(chunk.length))
    webSocket.on('message', (data, isBinary) => this.#received(data, isBinary))
    webSocket.on('ping', (data) => this.#answerPing(data))
    webSocket.on('close', () => {
      this.push(null)
      this.destroy()
    })
    webSocket.on('error', (error) => this.destroy(error))
  }

  get arrival(): Omit<Arrival, 'spentMs'> {
    return {
      admit: () => {
        this.#mostGatheredBytes = Number.POSITIVE_INFINITY // the largest message is the server's to refuse
      },
      gatheredBytes: () => this.#gatheredBytes,
      onGathering: (listener) => {
        this.#onGathering = listener
      },
    }
  }

  #gathered(bytes: number): void {
    this.#gatheredBytes += bytes
    if (this.#gatheredBytes > this.#mostGatheredBytes) this.destroy(new Error('more than 64 KiB before CONNECT'))
    else this.#onGathering(bytes)
  }

  /** A pong for each ping of somebody who does not read would pile up without end. */
  #answerPing(data: Buffer): void {
    if (this.#webSocket.bufferedAmount === 0) this.#webSocket.pong(data)
  }

  #received(data: RawData, isBinary: boolean): void {
    this.#gatheredBytes = 0
    if (!isBinary) {
      this.#webSocket.close(CANNOT_ACCEPT_TEXT, 'MQTT needs binary frames') // [MQTT-6.0.0-1]
      this.destroy(new Error('a WebSocket text frame: MQTT needs binary frames [MQTT-6.0.0-1]'))
      return
    }
    if (!this.push(data)) this.#webSocket.pause()
  }

  override _read(): void {
    if (this.#webSocket.isPaused) this.#webSocket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#webSocket.send(chunk, { binary: true }, done)
  }

  override _final(done: () => void): void {
    this.#webSocket.close(NORMAL_CLOSE)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#webSocket.readyState !== this.#webSocket.CLOSED) this.#webSocket.terminate() // not after 30 s of CLOSING
    done(error)
  }
}
