const initialBytes = 128
const headerRoom = 5
const largestLength = 65_535
const largestRemainingLength = 268_435_455

/** Writes the data types of MQTT one after the other, and puts the fixed header in front at the end. */
export class FieldWriter {
  #bytes = Buffer.allocUnsafe(initialBytes)
  #at = headerRoom

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at++] = value
  }

  uint16(value: number): void {
    this.#reserve(2)
    this.#at = this.#bytes.writeUInt16BE(value, this.#at)
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#at = this.#bytes.writeUInt32BE(value, this.#at)
  }

  /** In as few bytes as it takes [MQTT-1.5.5-1]. */
  variableInteger(value: number): void {
    this.#reserve(4)
    this.#at = writeVariableInteger(this.#bytes, this.#at, value)
  }

  string(text: string): void {
    const bytes = Buffer.byteLength(text)
    this.#writeLength(bytes)
    this.#reserve(bytes)
    this.#at += this.#bytes.write(text, this.#at, 'utf8')
  }

  binary(bytes: Uint8Array): void {
    this.#writeLength(bytes.length)
    this.raw(bytes)
  }

  /** Bytes without a length before them. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** What `write` writes, with its length in bytes as a variable byte integer before it. */
  block(write: () => void): void {
    const start = this.#at
    this.byte(0) // enough for the length of most blocks
    write()
    const length = this.#at - start - 1
    const extra = variableIntegerBytes(length) - 1
    if (extra > 0) {
      this.#reserve(extra)
      this.#bytes.copyWithin(start + 1 + extra, start + 1, this.#at)
      this.#at += extra
    }
    writeVariableInteger(this.#bytes, start, length)
  }

  /** The whole packet. The writer is spent then. */
  finish(firstByte: number): Buffer {
    const remaining = this.#at - headerRoom
    if (remaining > largestRemainingLength) throw new RangeError(`a packet of ${remaining} bytes does not fit MQTT`)
    const start = headerRoom - 1 - variableIntegerBytes(remaining)
    this.#bytes[start] = firstByte
    writeVariableInteger(this.#bytes, start + 1, remaining)
    return this.#bytes.subarray(start, this.#at)
  }

  #writeLength(bytes: number): void {
    if (bytes > largestLength) throw new RangeError(`a field of ${bytes} bytes does not fit its two length bytes`)
    this.uint16(bytes)
  }

  #reserve(count: number): void {
    const needed = this.#at + count
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}

function variableIntegerBytes(value: number): number {
  if (value < 128) return 1
  if (value < 16_384) return 2
  return value < 2_097_152 ? 3 : 4
}

/** Gives where the next field begins. */
function writeVariableInteger(bytes: Buffer, start: number, value: number): number {
  let at = start
  let left = value
  while (left > 127) {
    bytes[at++] = (left & 0x7f) | 0x80
    left >>>= 7
  }
  bytes[at++] = left
  return at
}
