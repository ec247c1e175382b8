import { decodePacket } from '../protocol/wire/decode-packet.ts'
import { FrameSplitter } from '../protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import type { ClientRecord, ClientRegistry } from './client-registry.ts'
import type { InspectedPacket } from './inspected-packet.ts'
import type { SourceBytes } from './source-bytes.ts'

/** A longer CONNECT is not waited for: its client counts as one without an identifier. */
const mostEarlyBytes = 64 * 1024

type OnPacket = (record: ClientRecord, packet: InspectedPacket) => void

/**
 * Reads the packets of one connection. CONNECT names its client, so nothing is read before CONNECT is whole, or known
 * not to come.
 */
export class ConnectionWatch {
  readonly #connection: number
  readonly #registry: ClientRegistry
  readonly #onPacket: OnPacket
  #record: ClientRecord | undefined
  #early: SourceBytes[] = []

  constructor(connection: number, registry: ClientRegistry, onPacket: OnPacket) {
    this.#connection = connection
    this.#registry = registry
    this.#onPacket = onPacket
  }

  /** The number under which this client is shown. */
  get client(): number {
    return this.#record?.number ?? this.#connection
  }

  /** Of the packets that come now; undefined as long as nothing was read. */
  get version(): ProtocolVersion | undefined {
    return this.#record?.reader.conversation?.version
  }

  /** `bytes` may be written again afterwards, unless they are more than a splitter keeps a window on. */
  push(direction: Sender, bytes: Buffer, atMicroseconds: number): void {
    const piece = { direction, bytes, atMicroseconds, connection: this.#connection }
    if (this.#record === undefined) this.#pushEarly(piece)
    else this.#record.reader.push(piece)
  }

  /** CONNECT was not seen: what comes is read as packets of this version. */
  join(version: ProtocolVersion): void {
    if (this.#record !== undefined) return
    this.#early = []
    this.#watch(this.#registry.join(this.#connection, version))
  }

  /** What this side sent was missed in part; what comes next begins with a packet. */
  missed(sender: Sender): void {
    if (this.#record === undefined && this.#early.length > 0) this.#begin(undefined)
    this.#record?.reader.missed(sender)
  }

  /** It is no longer known where packets begin in what this side sends. */
  isLost(sender: Sender): boolean {
    return this.#record?.reader.isLost(sender) ?? false
  }

  /** This side sends no more: what is there of a packet is all that will come of it. */
  finished(sender: Sender, atMicroseconds: number): void {
    if (this.#record === undefined && this.#early.length > 0) this.#begin(undefined)
    this.#record?.reader.finished(sender, atMicroseconds)
  }

  ended(atMicroseconds: number): void {
    this.finished('client', atMicroseconds)
    this.finished('server', atMicroseconds)
    if (this.#record !== undefined) this.#record.isConnected = false
  }

  #pushEarly(piece: SourceBytes): void {
    this.#early.push({ ...piece, bytes: Buffer.from(piece.bytes) })
    const opening = openingOf(this.#early)
    if (opening !== 'wait') this.#begin(opening.clientId)
  }

  #begin(clientId: string | undefined): void {
    const record = this.#watch(this.#registry.open(this.#connection, clientId))
    const early = this.#early
    this.#early = []
    for (const piece of early) record.reader.push(piece)
  }

  #watch(record: ClientRecord): ClientRecord {
    record.onPacket = (packet) => this.#onPacket(record, packet)
    this.#record = record
    return record
  }
}

/** What these bytes, if they begin with a CONNECT, say of the client. */
function openingOf(early: readonly SourceBytes[]): 'wait' | { readonly clientId: string | undefined } {
  const bytes = Buffer.concat(early.map((piece) => piece.bytes))
  if (bytes.length > mostEarlyBytes || early.at(-1)?.direction === 'server') return { clientId: undefined }
  const opening: { clientId: string | undefined }[] = []
  const unreadable = new FrameSplitter().push(bytes, (frame, start, _, end) => {
    opening.push({ clientId: clientIdIn(frame, start, end) })
  })
  return opening[0] ?? (unreadable === undefined ? 'wait' : { clientId: undefined })
}

function clientIdIn(frame: Buffer, start: number, end: number): string | undefined {
  const packet = decodePacket(frame, start, end, { version: 5, sender: 'client' })
  return 'type' in packet && packet.type === 'connect' ? packet.clientId : undefined
}
