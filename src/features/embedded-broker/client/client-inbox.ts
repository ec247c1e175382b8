import type { Duplex } from 'node:stream'
import type { ClientReader, Inbound } from './client-reader.ts'

export type Queued = Inbound | { readonly kind: 'gone'; readonly bytes: 0 }

interface InboxOwner {
  /** Nothing more is read: what the client gets for it would pile up. */
  readonly isFull: () => boolean
  /** Sees each packet as it is read; true when it is served with that. */
  readonly serveAtOnce: (inbound: Inbound) => boolean
  /** A packet waits for its turn. */
  readonly onQueued: () => void
  readonly onReading: (isReading: boolean) => void
  /** More or fewer bytes wait than before. */
  readonly onChange: () => void
}

/** Bytes are cut into packets a piece at a time, so that we can stop in between. */
const pieceBytes = 16 * 1024

/** Beyond this many bytes of packets that wait for their turn we stop reading. */
const comfortableQueueBytes = 256 * 1024

/** So many bytes of one client, and others have their turn. */
const turnBytes = 128 * 1024

const nothing = Buffer.alloc(0)

/** What a client sent and nobody has served: bytes, and packets cut from them. Reads no more than is served. */
export class ClientInbox {
  readonly #stream: Duplex
  readonly #reader: ClientReader
  readonly #owner: InboxOwner
  readonly #queue: Queued[] = []
  #queuedBytes = 0
  #unread: Buffer = nothing
  #turnBytes = 0
  #isTurnOver = false
  #isGone = false
  #isEndTold = false
  #isCutting = false

  constructor(stream: Duplex, reader: ClientReader, owner: InboxOwner) {
    this.#stream = stream
    this.#reader = reader
    this.#owner = owner
    stream.on('data', (chunk: Buffer) => {
      this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
      this.cutPackets()
    })
    stream.on('close', () => {
      this.#isGone = true
      this.cutPackets()
    })
  }

  /** In memory, about. */
  get waitingBytes(): number {
    return this.#unread.length + this.#queuedBytes + this.#reader.gatheredBytes
  }

  next(): Queued | undefined {
    const item = this.#queue.shift()
    if (item !== undefined) this.#queuedBytes -= item.bytes
    return item
  }

  /** Nothing of it will be served. */
  discard(): void {
    this.#unread = nothing
    this.#queue.length = 0
    this.#queuedBytes = 0
  }

  /** Cuts on, as far as there is room. */
  cutPackets(): void {
    if (this.#isCutting) return
    this.#isCutting = true
    while (this.#unread.length > 0 && !this.#isBlocked()) this.#cut()
    this.#isCutting = false
    this.#owner.onChange()
    const mayRead = this.#unread.length === 0 && !this.#isBlocked()
    if (mayRead === this.#stream.isPaused()) this.#read(mayRead)
    if (!this.#isGone || this.#isEndTold || this.#unread.length > 0) return
    this.#isEndTold = true
    this.#add({ kind: 'gone', bytes: 0 })
  }

  #cut(): void {
    const piece = this.#unread.subarray(0, pieceBytes)
    this.#unread = piece.length === this.#unread.length ? nothing : this.#unread.subarray(piece.length)
    this.#count(piece.length)
    this.#reader.read(piece, (inbound) => {
      if (!this.#owner.serveAtOnce(inbound)) this.#add(inbound)
    })
  }

  #add(item: Queued): void {
    this.#queue.push(item)
    this.#queuedBytes += item.bytes
    this.#owner.onQueued()
  }

  #isBlocked(): boolean {
    if (this.#queuedBytes > comfortableQueueBytes) return true
    return !this.#isGone && (this.#isTurnOver || this.#owner.isFull())
  }

  #count(bytes: number): void {
    if (this.#turnBytes === 0) {
      setImmediate(() => {
        this.#turnBytes = 0
        if (!this.#isTurnOver) return
        this.#isTurnOver = false
        this.cutPackets()
      })
    }
    this.#turnBytes += bytes
    if (this.#turnBytes >= turnBytes) this.#isTurnOver = true
  }

  #read(mayRead: boolean): void {
    this.#owner.onReading(mayRead)
    if (mayRead) this.#stream.resume()
    else this.#stream.pause()
  }
}
