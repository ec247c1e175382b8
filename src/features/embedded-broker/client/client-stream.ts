import type { Duplex } from 'node:stream'
import { encodePacket } from '../../../protocol/wire/encode-packet.ts'
import type { Packet, ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { SendResult } from '../sessions/broker-session.ts'

/** How long a client may take to close after our FIN. */
const closingGraceMs = 1000

/** Packets below this are put together, and written once they are so many bytes or the turn is over. */
const gatheredBytes = 16 * 1024

/** With so much unread the client has to read before we read on: its answers would pile up here. */
const fullBytes = 256 * 1024

interface StreamListeners {
  /** The socket takes bytes again. */
  readonly onDrain: () => void
  readonly onWrite?: (bytes: Buffer) => void
  /** More bytes wait in here than before. */
  readonly onGrowth: () => void
}

/** The writing side of a client's socket. */
export class ClientStream {
  version: ProtocolVersion = 5
  /** Bytes that the client takes in one packet. */
  maximumPacketSize = Number.POSITIVE_INFINITY
  readonly #stream: Duplex
  readonly #listeners: StreamListeners
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #isCongested = false
  #isEnded = false

  constructor(stream: Duplex, listeners: StreamListeners) {
    this.#stream = stream
    this.#listeners = listeners
    stream.on('drain', () => {
      this.#isCongested = false
      listeners.onDrain()
    })
  }

  /** More is waiting than the socket likes. */
  get isCongested(): boolean {
    return this.#isCongested
  }

  /** So much is waiting that nothing more is read from this client. */
  get isFull(): boolean {
    return this.#isCongested && this.waitingBytes > fullBytes
  }

  get waitingBytes(): number {
    return this.#stream.writableLength + this.#gatheredBytes
  }

  send(packet: Packet): SendResult {
    const bytes = encodePacket(packet, this.version)
    if (bytes.length > this.maximumPacketSize) return 'too large' // [MQTT-3.1.2-24]
    if (this.#isEnded) return 'sent' // the close is on its way to everybody
    this.#listeners.onWrite?.(bytes)
    if (this.#gathered.length === 0) setImmediate(() => this.#flush())
    this.#gathered.push(bytes)
    this.#gatheredBytes += bytes.length
    if (this.#gatheredBytes >= gatheredBytes) this.#flush()
    return 'sent'
  }

  /** FIN after what was written. What the client still sends is thrown away: unread, it would turn our FIN into a reset. */
  end(): void {
    if (this.#isEnded) return
    this.#flush()
    this.#isEnded = true
    this.#stream.removeAllListeners('data')
    this.#stream.resume()
    this.#stream.end()
    setTimeout(() => this.#stream.destroy(), closingGraceMs).unref()
  }

  /** At once, with all that was not read. */
  destroy(): void {
    this.#isEnded = true
    this.#gathered = []
    this.#gatheredBytes = 0
    this.#stream.destroy()
  }

  /** One write for all the packets of one turn of the event loop. */
  #flush(): void {
    if (this.#gathered.length === 0 || this.#isEnded) return
    const bytes = this.#gathered.length === 1 ? this.#gathered[0]! : Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    if (this.#stream.write(bytes)) return
    this.#isCongested = true
    this.#listeners.onGrowth()
  }
}
