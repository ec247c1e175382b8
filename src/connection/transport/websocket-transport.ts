import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import type { MqttCliError } from '../../errors.ts'
import type { Conceal } from '../../protocol/conceal.ts'
import { CloseNotice } from './close-notice.ts'
import { lostConnection } from './connect-errors.ts'
import { leftBytesOf } from './left-bytes.ts'
import { fullAtBytes, isFull, refuseWrite } from './socket-transport.ts'
import type { Transport } from './transport.ts'
import { WakeUpBytes } from './wake-up-bytes.ts'
import { brokenFraming, closedWithCode, textFrame } from './websocket-errors.ts'

/** A write below this waits for others of the same turn: each frame costs a header, a mask and a system call. */
const GATHER_BELOW_BYTES = 4096

/**
 * A frame may carry any number of packets: so much of it is handed over at once, and the rest when who listens has not
 * paused meanwhile. What it makes of one packet may be ten times as large.
 */
const handedOverBytes = 256 * 1024

/** Ends that need no explanation: normal, going away, no code, and a plain FIN without a closing handshake. */
const ORDINARY_CLOSES = new Set([1000, 1001, 1005, 1006])

type Written = (error?: Error | null) => void

const ignore = () => {}

/** How the other side is called, and what makes its words fit to be repeated. */
interface Described {
  readonly description: string
  readonly conceal: Conceal
}

/** MQTT in binary frames; where packets begin and end has nothing to do with the frames [MQTT-6.0.0-2]. */
export class WebSocketTransport extends CloseNotice implements Transport {
  onDrain: () => void = ignore
  onEnd: (() => void) | undefined
  readonly description: string
  readonly #websocket: WebSocket
  readonly #socket: Socket
  readonly #closingGraceMs: number
  readonly #wakeUp = new WakeUpBytes(ignore)
  #cause: MqttCliError | undefined
  #ending = false
  #drainWanted = false
  #paused = false
  #listening = false
  /** What has come, and waits for who paused. */
  #rest: Buffer[] = []
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #gatheredWritten: Written[] = []

  /** `websocket` is open and paused, and `socket` is what carries it. */
  constructor(websocket: WebSocket, socket: Socket, { description, conceal }: Described, closingGraceMs: number) {
    super()
    this.#websocket = websocket
    this.#socket = socket
    this.#closingGraceMs = closingGraceMs
    this.description = description
    websocket.on('message', (data: RawData, isBinary: boolean) => this.#onMessage(data as Buffer[], isBinary))
    websocket.on('error', (error) => this.#explain(brokenFraming(description, error)))
    socket.on('error', (error) => this.#explain(lostConnection('WebSocket', description, error)))
    socket.on('drain', () => this.#drained())
    websocket.once('close', (code: number, reason: Buffer) => {
      this.#passAll()
      if (!ORDINARY_CLOSES.has(code)) this.#explain(closedWithCode(description, code, conceal(reason.toString())))
      this.tellClosed(this.#cause)
    })
  }

  get onBytes(): (bytes: Buffer) => void {
    return this.#wakeUp.deliver
  }

  set onBytes(receive: (bytes: Buffer) => void) {
    if (this.#ending) return
    this.#wakeUp.deliver = receive
    this.#listening = true
    if (!this.#paused) this.#websocket.resume()
  }

  get writableLength(): number {
    return this.#websocket.bufferedAmount + this.#gatheredBytes
  }

  get leftBytes(): number {
    return leftBytesOf(this.#socket)
  }

  get arrivedBytes(): number {
    return this.#socket.bytesRead
  }

  write(bytes: Buffer, written?: Written): boolean {
    if (this.#ending || this.#websocket.readyState !== this.#websocket.OPEN) return refuseWrite(written)
    if (bytes.length < GATHER_BELOW_BYTES) this.#gather(bytes, written)
    else this.#send(bytes, written)
    if (this.#gatheredBytes >= fullAtBytes) this.#flush()
    if (!isFull(this.#socket)) return true
    this.#drainWanted = true
    return false
  }

  pause(): void {
    if (this.#ending) return
    this.#paused = true
    this.#websocket.pause()
  }

  resume(): void {
    this.#paused = false
    if (this.#rest.length > 0) setImmediate(() => this.#passRest())
    else if (this.#listening) this.#websocket.resume()
  }

  end(): void {
    this.#close(1000)
  }

  depart(): void {
    if (this.#ending) return
    this.#close(1000)
    this.#socket.end(() => this.#websocket.terminate()) // behind the close frame, which is written by now
  }

  finish(): void {
    if (this.#ending || this.#websocket.readyState !== this.#websocket.OPEN) return
    this.#flush()
    this.#websocket.close(1000)
    this.#terminateAfterGrace()
  }

  reset(): void {
    this.destroy()
  }

  destroy(): void {
    this.#ending = true
    this.#rest = []
    this.#wakeUp.deliver = ignore
    this.#websocket.resume() // a paused one keeps its close event until it is read
    this.#websocket.terminate()
  }

  #onMessage(fragments: Buffer[], isBinary: boolean): void {
    if (this.#ending) return
    if (!isBinary) this.#refuseText()
    else for (const bytes of fragments) this.#take(bytes)
  }

  #take(bytes: Buffer): void {
    if (this.#rest.length === 0 && bytes.length <= handedOverBytes) this.#wakeUp.take(bytes)
    else if (this.#rest.push(bytes) === 1) this.#passRest()
  }

  #passRest(): void {
    while (!this.#paused) {
      const first = this.#rest[0]
      if (first === undefined) break
      if (first.length > handedOverBytes) this.#rest[0] = first.subarray(handedOverBytes)
      else this.#rest.shift()
      this.#wakeUp.take(first.subarray(0, handedOverBytes))
    }
    if (!this.#paused && this.#listening) this.#websocket.resume()
  }

  /** Nothing more will come. */
  #passAll(): void {
    for (const bytes of this.#rest.splice(0)) this.#wakeUp.take(bytes)
    this.#wakeUp.flush()
  }

  // [MQTT-6.0.0-1] any frame but a binary one: close the network connection.
  #refuseText(): void {
    this.#passAll()
    this.#explain(textFrame(this.description))
    this.#close(1003)
  }

  #close(code: number): void {
    if (this.#ending) return
    this.#flush()
    this.#ending = true
    this.#rest = []
    this.#wakeUp.deliver = ignore
    this.#websocket.resume() // the peer's part of the closing handshake must be read
    this.#websocket.close(code)
    this.#terminateAfterGrace()
  }

  #terminateAfterGrace(): void {
    const grace = setTimeout(() => this.#websocket.terminate(), this.#closingGraceMs)
    this.#websocket.once('close', () => clearTimeout(grace))
  }

  #gather(bytes: Buffer, written: Written | undefined): void {
    if (this.#gathered.length === 0) process.nextTick(() => this.#flush())
    this.#gathered.push(bytes)
    this.#gatheredBytes += bytes.length
    if (written !== undefined) this.#gatheredWritten.push(written)
  }

  #send(bytes: Buffer, written?: Written): void {
    this.#flush()
    this.#websocket.send(bytes, written ?? ignore)
  }

  #flush(): void {
    if (this.#gathered.length === 0) return
    const bytes = this.#gathered.length === 1 ? (this.#gathered[0] as Buffer) : Buffer.concat(this.#gathered)
    const written = this.#gatheredWritten
    this.#gathered = []
    this.#gatheredBytes = 0
    this.#gatheredWritten = []
    this.#websocket.send(bytes, (error) => {
      for (const tell of written) tell(error)
    })
  }

  /** The first explanation is the one that counts; after end() nothing needs one. */
  #explain(cause: MqttCliError): void {
    if (!this.#ending) this.#cause ??= cause
  }

  #drained(): void {
    if (!this.#drainWanted) return
    this.#drainWanted = false
    this.onDrain()
  }
}
