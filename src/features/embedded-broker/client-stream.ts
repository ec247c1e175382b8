import type { Duplex } from 'node:stream'
import { encodePacket } from '../../protocol/wire/encode-packet.ts'
import type { Packet, ProtocolVersion } from '../../protocol/wire/packet.ts'
import type { SendResult } from './broker-session.ts'

/** How long a client may take to close after our FIN. */
const closingGraceMs = 1000

/** The writing side of a client's socket. */
export class ClientStream {
  version: ProtocolVersion = 5
  /** Bytes that the client takes in one packet. */
  maximumPacketSize = Number.POSITIVE_INFINITY
  readonly #stream: Duplex
  readonly #onWrite: (bytes: Buffer) => void
  #isCongested = false
  #isCorked = false
  #isEnded = false

  constructor(stream: Duplex, onDrain: () => void, onWrite: (bytes: Buffer) => void = () => {}) {
    this.#stream = stream
    this.#onWrite = onWrite
    stream.on('drain', () => {
      this.#isCongested = false
      onDrain()
    })
  }

  /** More is waiting than the socket likes. */
  get isCongested(): boolean {
    return this.#isCongested
  }

  send(packet: Packet): SendResult {
    const bytes = encodePacket(packet, this.version)
    if (bytes.length > this.maximumPacketSize) return 'too large' // [MQTT-3.1.2-24]
    if (this.#isEnded) return 'sent' // the close is on its way to everybody
    this.#onWrite(bytes)
    this.#cork()
    if (!this.#stream.write(bytes)) this.#isCongested = true
    return 'sent'
  }

  /** FIN after what was written. What the client still sends is thrown away: unread, it would turn our FIN into a reset. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#stream.removeAllListeners('data')
    this.#stream.resume()
    this.#stream.end()
    setTimeout(() => this.#stream.destroy(), closingGraceMs).unref()
  }

  /** One write for all the packets of one turn of the event loop. */
  #cork(): void {
    if (this.#isCorked) return
    this.#isCorked = true
    this.#stream.cork()
    setImmediate(() => {
      this.#isCorked = false
      this.#stream.uncork()
    })
  }
}
