import type { Transport } from './transport/transport.ts'

/** One write of this size costs 0.04 µs for each small message in it; a write for each message costs 2.8 µs. */
const chunkBytes = 64 * 1024
/** The first one serves CONNECT and pings: ten thousand idle connections touch no more memory than they write. */
const firstChunkBytes = 1024
/** The rest of a chunk serves the next packets while there is at least this much of it. */
const worthwhileBytes = chunkBytes / 4
/** Chunks kept for the next use: without them two million messages leave 64 MB of garbage behind at a time. */
const spareChunks = 32

/** Outbound bytes that belong together: written once, never touched while somebody may still need them. */
export interface Chunk {
  readonly bytes: Buffer
  /** Who still needs them: writes under way, unacknowledged messages, and the outbox while it fills them. */
  holders: number
  /** Whose packets, all of one size and nothing else, lie in it from its front up to `likeTo`, from this use or the last. */
  like: object | undefined
  likeBytes: number
  likeTo: number
}

/**
 * What leaves on a connection, gathered into large writes at packet boundaries. An unacknowledged PUBLISH is kept by
 * holding the chunk it lies in.
 */
export class Outbox {
  /** Packets are encoded straight into this, from `length` on. */
  chunk: Chunk = newChunk(firstChunkBytes)
  length = 0
  /** The kernel takes no more for now: wait for `onDrain` before adding messages. Acknowledgements may still be added. */
  congested = false
  /** Called whenever bytes were handed to the transport. */
  onWrite: () => void = () => {}
  #written = 0
  readonly #spare: Chunk[] = []
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Makes room for one packet of this size in `chunk`. */
  reserve(packetBytes: number): void {
    if (this.length + packetBytes <= this.chunk.bytes.length) return
    this.flush()
    if (this.length + packetBytes > this.chunk.bytes.length) this.#renew(packetBytes)
  }

  append(packet: Uint8Array): void {
    this.reserve(packet.length)
    this.chunk.like = undefined
    this.chunk.bytes.set(packet, this.length)
    this.length += packet.length
  }

  /** PUBACK, PUBREC, PUBREL or PUBCOMP in its short form. No object for each: there may be one for each message. */
  appendAcknowledgement(firstByte: number, packetId: number): void {
    this.reserve(4)
    const { length } = this
    const { bytes } = this.chunk
    this.chunk.like = undefined
    bytes[length] = firstByte
    bytes[length + 1] = 2
    bytes[length + 2] = packetId >> 8
    bytes[length + 3] = packetId & 0xff
    this.length = length + 4
  }

  /** Hands over what was gathered. */
  flush(): void {
    if (this.length === this.#written) return
    const { chunk } = this
    const bytes = chunk.bytes.subarray(this.#written, this.length)
    this.#written = this.length
    chunk.holders++
    const isFirst = chunk.bytes.length === firstChunkBytes
    if (!isFirst && chunk.bytes.length - this.length < worthwhileBytes) this.#renew(chunkBytes)
    this.congested = !this.#transport.write(bytes, () => this.release(chunk))
    this.onWrite()
  }

  /** One holder less; a chunk that nobody needs is filled again. */
  release(chunk: Chunk): void {
    chunk.holders--
    if (chunk.holders > 0 || chunk.bytes.length !== chunkBytes || this.#spare.length >= spareChunks) return
    this.#spare.push(chunk)
  }

  #renew(packetBytes: number): void {
    this.release(this.chunk)
    const spare = packetBytes <= chunkBytes ? this.#spare.pop() : undefined
    this.chunk = spare ?? newChunk(Math.max(chunkBytes, packetBytes))
    this.chunk.holders = 1
    this.length = 0
    this.#written = 0
  }
}

function newChunk(bytes: number): Chunk {
  return { bytes: Buffer.allocUnsafeSlow(bytes), holders: 1, like: undefined, likeBytes: 0, likeTo: 0 }
}
