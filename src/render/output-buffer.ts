const initialBytes = 64 * 1024

/** Bytes waiting to be written, grown by doubling. One per output; taken whole, so a write never copies twice. */
export class OutputBuffer {
  bytes: Buffer = Buffer.allocUnsafeSlow(initialBytes)
  length = 0

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    let size = this.bytes.length * 2
    while (size < needed) size *= 2
    const grown = Buffer.allocUnsafeSlow(size)
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  appendByte(byte: number): void {
    this.reserve(1)
    this.bytes[this.length++] = byte
  }

  /** Appends `source[start, end)`. */
  appendBytes(source: Buffer, start: number, end: number): void {
    this.reserve(end - start)
    source.copy(this.bytes, this.length, start, end)
    this.length += end - start
  }

  appendText(text: string): void {
    this.reserve(text.length * 3) // a UTF-16 unit is at most three bytes of UTF-8
    this.length += this.bytes.write(text, this.length, 'utf8')
  }

  /** What was appended, handed over: the next append starts in a new buffer. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length)
    this.bytes = Buffer.allocUnsafeSlow(initialBytes)
    this.length = 0
    return taken
  }
}
