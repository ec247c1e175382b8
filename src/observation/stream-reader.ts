// Observation: what is said of a conversation while its bytes pass. Live, file, proxy and --trace use it alike. It opens
// no socket, reads no clock and words nothing. Begin here: bytes become packets (`packet-reader.ts`), and findings
// (`finding.ts`) are made of those.

import { joinConversation } from '../protocol/session/conversation-state.ts'
import { FrameSplitter, largestReusedBytes } from '../protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import type { Violation } from '../protocol/wire/violation.ts'
import type { InspectedPacket } from './inspected-packet.ts'
import { PacketReader } from './packet-reader.ts'
import type { SourceBytes } from './source-bytes.ts'

type OnPacket = (packet: InspectedPacket) => void

/** The longest fixed header: as long as it is not whole, its bytes may turn out to be none. */
const longestHeaderBytes = 5
const noBytes = Buffer.alloc(0)

/** What came from one side of one connection, on its way to becoming packets. */
class Direction {
  #splitter: FrameSplitter
  readonly #sender: Sender
  readonly #reader: PacketReader
  readonly #onPacket: OnPacket
  #consumed = 0
  #isLost = false

  constructor(sender: Sender, reader: PacketReader, onPacket: OnPacket) {
    this.#splitter = new FrameSplitter({ sender }) // without a version: a length that is not minimal still is one
    this.#sender = sender
    this.#reader = reader
    this.#onPacket = onPacket
  }

  get isLost(): boolean {
    return this.#isLost
  }

  /** Bytes that were not seen: of a packet that they were part of nothing more is told. What follows begins a packet. */
  missed(): void {
    this.#consumed += this.#splitter.pendingBytes
    this.#splitter = new FrameSplitter({ sender: this.#sender })
    this.#isLost = false
  }

  push(bytes: Buffer, atMicroseconds: number): void {
    if (this.#isLost) return
    const pendingBytes = this.#splitter.pendingBytes
    const isHeader = pendingBytes > 0 && pendingBytes < longestHeaderBytes
    const held = isHeader ? this.#splitter.pendingFrame() : noBytes
    const began = this.#consumed + pendingBytes - held.length // of the stream, where `held` and `bytes` begin
    this.#splitter.hasAuth = this.#reader.conversation.version === 5
    const unreadable = this.#splitter.push(bytes, (frame, start, _bodyStart, end) =>
      this.#pass(keptBytes(frame.subarray(start, end)), atMicroseconds),
    )
    if (unreadable === undefined) return
    const rest = Buffer.concat([held, bytes]).subarray(this.#consumed - began)
    this.#pass(rest, atMicroseconds, unreadable)
    this.#isLost = true
  }

  /** The connection ended: what is there of a packet whose end never came. */
  end(atMicroseconds: number): void {
    if (!this.#isLost && this.#splitter.pendingBytes > 0) this.#pass(this.#splitter.pendingFrame(), atMicroseconds)
    this.#isLost = true
  }

  #pass(wire: Buffer, atMicroseconds: number, unreadable?: Violation): void {
    const frame = { sender: this.#sender, wire, streamOffset: this.#consumed, atMicroseconds }
    this.#consumed += wire.length
    this.#onPacket(this.#reader.read(unreadable === undefined ? frame : { ...frame, unreadable }))
    this.#splitter.hasAuth = this.#reader.conversation.version === 5
  }
}

/** A frame of more bytes than `largestReusedBytes` has memory of its own, which is not written again. */
function keptBytes(frame: Buffer): Buffer {
  return frame.length > largestReusedBytes ? frame : Buffer.from(frame)
}

/** Reads what a source tells of one client, in both directions, in any pieces, and goes on after a bad packet. */
export class StreamReader {
  readonly #onPacket: OnPacket
  #reader: PacketReader | undefined
  #directions: Record<Sender, Direction> | undefined

  constructor(onPacket: OnPacket) {
    this.#onPacket = onPacket
  }

  /** The handshakes that are under way, and what both sides said: undefined before the first connection. */
  get conversation() {
    return this.#reader?.conversation
  }

  /** The client opens a network connection, its first or another one. */
  opened(connection: number): void {
    if (this.#reader === undefined) this.#reader = new PacketReader(connection)
    else this.#reader.nextConnection(connection)
    this.#openDirections(this.#reader)
  }

  #openDirections(reader: PacketReader): void {
    this.#directions = {
      client: new Direction('client', reader, this.#onPacket),
      server: new Direction('server', reader, this.#onPacket),
    }
  }

  /** As `opened`, by a client whose CONNECT was not seen. */
  joined(connection: number, version: ProtocolVersion): void {
    this.#reader = new PacketReader(connection, { conversation: joinConversation(version) })
    this.#openDirections(this.#reader)
  }

  /** Packets of this side were not seen. */
  missed(sender: Sender): void {
    this.#reader?.missed()
    this.#directions?.[sender].missed()
  }

  push({ direction, bytes, atMicroseconds }: SourceBytes): void {
    this.#directions?.[direction].push(bytes, atMicroseconds)
  }

  /** The packet that was told last was kept from the other side. */
  undelivered(): void {
    this.#reader?.undelivered()
  }

  /** It is no longer known where packets begin in what this side sends, so it is not read on. */
  isLost(sender: Sender): boolean {
    return this.#directions?.[sender].isLost === true
  }

  /** This side sends no more; the other one may. */
  finished(sender: Sender, atMicroseconds: number): void {
    this.#directions?.[sender].end(atMicroseconds)
  }

  ended(atMicroseconds: number): void {
    this.#directions?.client.end(atMicroseconds)
    this.#directions?.server.end(atMicroseconds)
  }
}
