import type { Transport } from './transport/transport.ts'

/** One write of this size costs 0.04 µs for each small message in it; a write for each message costs 2.8 µs. */
const chunkBytes = 64 * 1024

/**
 * What leaves on a connection, gathered into large writes at packet boundaries. A chunk is written once and never
 * touched again, so an unacknowledged PUBLISH is kept by pointing into it.
 */
export class Outbox {
  /** Packets are encoded straight into this, from `length` on. */
  chunk: Buffer = Buffer.allocUnsafeSlow(chunkBytes)
  length = 0
  /** The kernel takes no more for now: wait for `onDrain` before adding messages. Acknowledgements may still be added. */
  congested = false
  /** Called whenever bytes were handed to the transport. */
  onWrite: () => void = () => {}
  #written = 0
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Makes room for one packet of this size in `chunk`. */
  reserve(packetBytes: number): void {
    if (this.length + packetBytes <= this.chunk.length) return
    this.flush()
    const size = Math.max(chunkBytes, packetBytes)
    if (this.length + packetBytes > this.chunk.length) this.#renew(size)
  }

  append(packet: Uint8Array): void {
    this.reserve(packet.length)
    this.chunk.set(packet, this.length)
    this.length += packet.length
  }

  /** PUBACK, PUBREC, PUBREL or PUBCOMP in its short form. No object for each: there may be one for each message. */
  appendAcknowledgement(firstByte: number, packetId: number): void {
    this.reserve(4)
    const { chunk, length } = this
    chunk[length] = firstByte
    chunk[length + 1] = 2
    chunk[length + 2] = packetId >> 8
    chunk[length + 3] = packetId & 0xff
    this.length = length + 4
  }

  /** Hands over what was gathered. */
  flush(): void {
    if (this.length === this.#written) return
    const bytes = this.chunk.subarray(this.#written, this.length)
    this.#written = this.length
    // The rest of a chunk serves the next packets while it is worth it; what is written stays as it is.
    if (this.chunk.length - this.length < chunkBytes / 4) this.#renew(chunkBytes)
    this.congested = !this.#transport.write(bytes)
    this.onWrite()
  }

  #renew(size: number): void {
    this.chunk = Buffer.allocUnsafeSlow(size)
    this.length = 0
    this.#written = 0
  }
}
