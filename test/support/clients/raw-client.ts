import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type CutPacket, FrameCutter } from '../packets/frame-cutter.ts'
import { Changing, withPatience } from '../program/patience.ts'

/** A client that sends the bytes it is told to, and keeps the packets that come back. */
export class RawClient {
  readonly packets: CutPacket[] = []
  /** As the broker sees it. */
  readonly localPort: number
  readonly closed: Promise<void>
  readonly #socket: Socket
  readonly #cutter = new FrameCutter()
  readonly #changing = new Changing()
  #isClosed = false

  constructor(socket: Socket) {
    this.#socket = socket
    this.localPort = socket.localPort ?? 0
    socket.on('data', (chunk) => {
      this.packets.push(...this.#cutter.push(chunk))
      this.#changing.changed()
    })
    socket.on('error', () => {}) // a reset is a close
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true
        this.#changing.changed()
        resolve()
      })
    })
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host, noDelay: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  send(...bytes: readonly Buffer[]): void {
    this.#socket.write(Buffer.concat(bytes))
  }

  /** Stops reading: what the other side writes fills its buffers. */
  stopReading(): void {
    this.#socket.pause()
  }

  readOn(): void {
    this.#socket.resume()
  }

  /** The nth packet whose first byte begins with these four bits, from 1. Fails when the connection closes first. */
  async when(packetCode: number, nth = 1): Promise<Buffer> {
    const find = () => this.packets.filter(({ bytes }) => (bytes[0] ?? 0) >> 4 === packetCode)[nth - 1]?.bytes
    const look = () => find() ?? (this.#isClosed ? ('closed' as const) : undefined)
    const found = await this.#changing.when(look, () => `packet ${packetCode} number ${nth}; came: ${this.received}`)
    if (found === 'closed') throw new Error(`closed before packet ${packetCode} number ${nth}; came: ${this.received}`)
    return found
  }

  whenClosed(): Promise<void> {
    return withPatience(this.closed, () => `the close; came: ${this.received}`)
  }

  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  get received(): string {
    return this.packets.map(({ bytes }) => bytes.subarray(0, 12).toString('hex')).join(' ')
  }
}
