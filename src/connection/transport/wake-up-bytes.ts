/** A piece this large is worth a step of its own. */
const largePieceBytes = 8 * 1024
/** So many are handed over before the rest of the wake-up comes: what is gathered stays small. */
const mostGatheredBytes = 64 * 1024
const firstBytes = 1024
const nothing = Buffer.alloc(0)

/**
 * Makes one chunk of what one wake-up brings. TLS hands over each record by itself and a WebSocket each frame, and a
 * broker makes one of either for each message: all that is done for a chunk was done for each, the writes to standard
 * output and the acknowledgements included.
 */
export class WakeUpBytes {
  deliver: (bytes: Buffer) => void
  /** The only piece so far is not copied. */
  #first: Buffer | undefined
  #bytes = nothing
  #length = 0
  #isScheduled = false

  constructor(deliver: (bytes: Buffer) => void) {
    this.deliver = deliver
  }

  /** The piece is ours from here on. */
  take(piece: Buffer): void {
    if (piece.length === 0) return
    this.#flushBefore(piece.length)
    if (piece.length >= largePieceBytes) this.deliver(piece)
    else this.#keep(piece)
  }

  /** The first `count` bytes of a buffer that is read into again. */
  copy(buffer: Buffer, count: number): void {
    this.#flushBefore(count)
    if (count >= largePieceBytes) this.deliver(buffer.subarray(0, count))
    else {
      this.#join()
      this.#append(buffer, count)
      this.#schedule()
    }
  }

  #flushBefore(count: number): void {
    if (count >= largePieceBytes || this.#gatheredBytes + count > mostGatheredBytes) this.flush()
  }

  /** Hands over what there is: now, since nothing more will come, or because something else comes behind it. */
  flush(): void {
    const bytes = this.#first ?? this.#bytes.subarray(0, this.#length)
    this.#first = undefined
    this.#length = 0
    if (bytes.length > 0) this.deliver(bytes)
  }

  get #gatheredBytes(): number {
    return this.#length + (this.#first?.length ?? 0)
  }

  #keep(piece: Buffer): void {
    if (this.#first === undefined && this.#length === 0) this.#first = piece
    else {
      this.#join()
      this.#append(piece, piece.length)
    }
    this.#schedule()
  }

  #join(): void {
    if (this.#first !== undefined) this.#append(this.#first, this.#first.length)
    this.#first = undefined
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#wakeUpEnds()) // all that the kernel had is read by then
  }

  #wakeUpEnds(): void {
    this.#isScheduled = false
    this.flush()
  }

  #append(piece: Buffer, count: number): void {
    const needed = this.#length + count
    if (needed > this.#bytes.length) this.#grow(needed)
    piece.copy(this.#bytes, this.#length, 0, count)
    this.#length = needed
  }

  /** Ten thousand connections on which little comes keep little. */
  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.min(mostGatheredBytes, Math.max(firstBytes, needed * 2)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
