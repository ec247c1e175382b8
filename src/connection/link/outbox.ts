import type { Transport } from '../transport/transport.ts'

/** One write of this size costs 0.04 µs for each small message in it; a write for each message costs 2.8 µs. */
const chunkBytes = 64 * 1024
/** The first one serves the acknowledgements of who receives now and then. */
const firstChunkBytes = 1024
/** Ten thousand idle connections hold no memory for what they do not write. */
const noBytes = Buffer.alloc(0)
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
  /** A payload alone: its header is written anew each time. */
  readonly isPayload?: true
}

/** Hears of each write. */
interface WriteListener {
  sent(bytes: number): void
}

/**
 * What leaves on a connection, gathered into large writes at packet boundaries. An unacknowledged PUBLISH is kept by
 * holding the chunk it lies in.
 */
export class Outbox {
  /** Packets are encoded straight into this, from `length` on. */
  chunk: Chunk = chunkOf(noBytes)
  length = 0
  /** The kernel takes no more for now: wait for `onDrain` before adding messages. Acknowledgements may still be added. */
  congested = false
  /** Told whenever bytes were handed to the transport. */
  listener: WriteListener | undefined
  /** All that was handed over so far. */
  writtenBytes = 0
  #written = 0
  #spare: Chunk[] | undefined
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

  /** Whole packets that nobody changes any more: they leave at once, uncopied when nothing was gathered before them. */
  send(packets: Buffer): void {
    if (this.length === this.#written) this.#write(packets)
    else {
      this.append(packets)
      this.flush()
    }
  }

  /** Handed over, and not taken by the kernel. */
  get waitingBytes(): number {
    return this.#transport.writableLength
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

  /** Hands these over in place, after what was gathered: nobody may touch them until their packet is acknowledged. */
  writeInPlace(bytes: Buffer): void {
    this.flush()
    this.#write(bytes)
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
    this.#write(bytes, () => this.release(chunk))
  }

  #write(bytes: Buffer, written?: () => void): void {
    this.congested = !this.#transport.write(bytes, written)
    this.writtenBytes += bytes.length
    this.listener?.sent(bytes.length)
  }

  /** One holder less; a chunk that nobody needs is filled again. */
  release(chunk: Chunk): void {
    chunk.holders--
    if (chunk.holders > 0 || chunk.bytes.length !== chunkBytes) return
    this.#spare ??= []
    if (this.#spare.length < spareChunks) this.#spare.push(chunk)
  }

  #renew(packetBytes: number): void {
    this.release(this.chunk)
    const isFirst = this.chunk.bytes === noBytes && packetBytes <= firstChunkBytes
    const spare = packetBytes <= chunkBytes ? this.#spare?.pop() : undefined
    const bytes = isFirst ? firstChunkBytes : Math.max(chunkBytes, packetBytes)
    this.chunk = spare ?? chunkOf(Buffer.allocUnsafeSlow(bytes))
    this.chunk.holders = 1
    this.length = 0
    this.#written = 0
  }
}

/** A payload that is written from where it lies. */
export function payloadAlone(bytes: Buffer): Chunk {
  return { bytes, holders: 0, like: undefined, likeBytes: 0, likeTo: 0, isPayload: true }
}

function chunkOf(bytes: Buffer): Chunk {
  return { bytes, holders: 1, like: undefined, likeBytes: 0, likeTo: 0 }
}
