const initialBytes = 64 * 1024
const leastRestBytes = 16 * 1024

/**
 * Up to here, bytes are copied as 32-bit words through two DataViews, above it by Buffer.copy, whose call alone costs
 * about 85 ns: 12 against 88 ns at 8 bytes, 40 against 81 at 60, 73 against 88 at 128, 79 against 53 at 192 (Node 20;
 * a loop over single bytes: 7, 89, 144, 177).
 */
const wordCopyMaxBytes = 128

/**
 * Bytes of this many are not copied: what came before them is handed on, and then they are, in place. Where so many lie
 * nobody overwrites them (`largestReusedBytes` of the protocol).
 */
const inPlaceBytes = 1024 * 1024

/** As many writes as may wait for a slow reader; in JSON a read becomes three or four of them. */
const sparePieces = 16

/** Memory that is filled from front to back, taken part by part, and filled again when every part was written. */
interface Piece {
  readonly bytes: Buffer
  unwritten: number
}

/** Bytes waiting to be written, grown by doubling. One per output; taken whole, so a write never copies twice. */
export class OutputBuffer {
  /** What `bytes` is the free end of; undefined while one message is too large for a piece. */
  #piece: Piece | undefined = newPiece()
  /** Taken, and not all written. */
  readonly #busy: Piece[] = []
  readonly #spare: Piece[] = []
  /** Where bytes go that are too many to copy, and those before them. */
  readonly #handOn: ((bytes: Buffer) => void) | undefined
  bytes: Buffer = this.#piece!.bytes
  length = 0
  #view: DataView = viewOf(this.bytes)
  /** The last source copied from. Many messages lie in one read buffer, so its view is made once for all of them. */
  #source: Buffer = this.bytes
  #sourceView: DataView = this.#view

  constructor(handOn?: (bytes: Buffer) => void) {
    this.#handOn = handOn
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    const full = this.bytes
    this.#leavePiece()
    if (needed <= initialBytes) this.#renew()
    else this.#useBytes(Buffer.allocUnsafeSlow(Math.max(needed, full.length * 2)))
    full.copy(this.bytes, 0, 0, this.length)
  }

  appendByte(byte: number): void {
    this.reserve(1)
    this.bytes[this.length++] = byte
  }

  /** Appends `source[start, end)`. */
  appendBytes(source: Buffer, start: number, end: number): void {
    const count = end - start
    if (count > inPlaceBytes && this.#handOn !== undefined) {
      if (this.length > 0) this.#handOn(this.take())
      this.#handOn(source.subarray(start, end))
      return
    }
    this.reserve(count)
    if (count > wordCopyMaxBytes) source.copy(this.bytes, this.length, start, end)
    else this.#copyWords(source, start, end)
    this.length += count
  }

  appendText(text: string): void {
    this.reserve(text.length * 3) // a UTF-16 unit is at most three bytes of UTF-8
    this.length += this.bytes.write(text, this.length, 'utf8')
  }

  /**
   * What was appended, handed over. The next append goes behind it, or into another piece when little room is left: a
   * new one each time costs 1.2 µs a message when messages come one by one, this 0.2. A buffer that had to grow is
   * given up, since it may be as large as a payload.
   */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length)
    const piece = this.#piece
    if (piece !== undefined && piece.unwritten++ === 0) this.#busy.push(piece)
    if (piece === undefined || this.bytes.length - this.length < leastRestBytes) this.#renew()
    else this.#useBytes(this.bytes.subarray(this.length))
    this.length = 0
    if (this.#source.length > initialBytes) this.#useSource(this.bytes) // keeps no large payload alive
    return taken
  }

  /**
   * What was taken has been written: its memory serves again. Without this two million messages leave 20 to 37 MB of
   * garbage at a time. What is never written is never given back, and only costs its memory.
   */
  giveBack(taken: Buffer): void {
    const index = this.#busy.findIndex(({ bytes }) => bytes.buffer === taken.buffer)
    const piece = this.#busy[index]
    if (piece === undefined || --piece.unwritten > 0) return
    this.#busy.splice(index, 1)
    if (piece !== this.#piece) this.#keep(piece)
    else if (this.length === 0) this.#useBytes(piece.bytes)
  }

  #leavePiece(): void {
    if (this.#piece?.unwritten === 0) this.#keep(this.#piece)
    this.#piece = undefined
  }

  #renew(): void {
    this.#piece = this.#spare.pop() ?? newPiece()
    this.#useBytes(this.#piece.bytes)
  }

  #keep(piece: Piece): void {
    if (this.#spare.length < sparePieces) this.#spare.push(piece)
  }

  #useBytes(bytes: Buffer): void {
    this.bytes = bytes
    this.#view = viewOf(bytes)
  }

  #useSource(source: Buffer): void {
    this.#source = source
    this.#sourceView = viewOf(source)
  }

  #copyWords(source: Buffer, start: number, end: number): void {
    if (source !== this.#source) this.#useSource(source)
    const from = this.#sourceView
    const to = this.#view
    let at = this.length
    let offset = start
    for (; offset + 4 <= end; offset += 4, at += 4) to.setInt32(at, from.getInt32(offset, true), true)
    for (; offset < end; offset += 1, at += 1) this.bytes[at] = source[offset]!
  }
}

function newPiece(): Piece {
  return { bytes: Buffer.allocUnsafeSlow(initialBytes), unwritten: 0 }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
