/** The header of one frame [RFC 6455, 5.2]. */
interface FrameHeader {
  readonly opcode: number
  readonly isMasked: boolean
  readonly isCompressed: boolean
  readonly headerBytes: number
  readonly payloadBytes: number
}

const opcodes: ReadonlySet<number> = new Set([0, 1, 2, 8, 9, 10])
const firstControlOpcode = 8
const longestHeaderBytes = 14
/** So far into a piece the beginning of a frame is looked for. */
const mostOffsets = 4096
/** A payload of so many bytes is none that MQTT needs: what says so is no header. */
const mostPayloadBytes = 2 ** 32

/** Undefined where more bytes are needed, `none` where these can be no header. */
function headerAt(bytes: Buffer, at: number): FrameHeader | 'none' | undefined {
  const first = bytes[at]
  const second = bytes[at + 1]
  if (first === undefined || second === undefined) return undefined
  const opcode = first & 0x0f
  if (!opcodes.has(opcode) || (first & 0x30) !== 0) return 'none'
  const isMasked = (second & 0x80) !== 0
  const short = second & 0x7f
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
  const headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0)
  if (bytes.length < at + headerBytes) return undefined
  const payloadBytes =
    short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
  if (payloadBytes > mostPayloadBytes) return 'none'
  return { opcode, isMasked, isCompressed: (first & 0x40) !== 0, headerBytes, payloadBytes }
}

/** What the frames of one side carry, as it comes: masks taken off, fragments joined, pings and pongs left out. */
export class WebSocketFrames {
  readonly #payload: (bytes: Buffer) => void
  #header: Buffer = Buffer.alloc(0)
  #left = 0
  #isData = false
  #mask: Buffer | undefined
  #maskAt = 0
  /** These are no frames, or frames that are compressed. */
  isLost = false

  constructor(payload: (bytes: Buffer) => void) {
    this.#payload = payload
  }

  push(bytes: Buffer): void {
    let rest = bytes
    while (rest.length > 0 && !this.isLost) rest = this.#left > 0 ? this.#body(rest) : this.#head(rest)
  }

  /** Begins anew, at the beginning of a frame. */
  reset(): void {
    this.#header = Buffer.alloc(0)
    this.#left = 0
    this.isLost = false
  }

  #head(bytes: Buffer): Buffer {
    const had = this.#header.length
    const header = had === 0 ? bytes : Buffer.concat([this.#header, bytes.subarray(0, longestHeaderBytes)])
    const read = headerAt(header, 0)
    if (read === undefined) {
      this.#header = Buffer.from(header)
      return Buffer.alloc(0)
    }
    this.#header = Buffer.alloc(0)
    if (read === 'none' || read.isCompressed) {
      this.isLost = true
      return bytes
    }
    const { headerBytes, isMasked, opcode, payloadBytes } = read
    this.#mask = isMasked ? Buffer.from(header.subarray(headerBytes - 4, headerBytes)) : undefined
    this.#maskAt = 0
    this.#left = payloadBytes
    this.#isData = opcode < firstControlOpcode
    return bytes.subarray(headerBytes - had)
  }

  #body(bytes: Buffer): Buffer {
    const piece = bytes.subarray(0, this.#left)
    this.#left -= piece.length
    if (this.#isData) this.#payload(this.#mask === undefined ? piece : this.#unmasked(piece, this.#mask))
    return bytes.subarray(piece.length)
  }

  #unmasked(piece: Buffer, mask: Buffer): Buffer {
    const plain = Buffer.allocUnsafe(piece.length)
    for (let at = 0; at < piece.length; at++) plain[at] = piece[at]! ^ mask[(this.#maskAt + at) & 3]!
    this.#maskAt = (this.#maskAt + piece.length) & 3
    return plain
  }
}

/** Where, in a piece from the middle of a stream, frames begin that go exactly to its end. */
export function findFrames(bytes: Buffer, isMasked?: boolean): { offset: number; isMasked: boolean } | undefined {
  for (let offset = 0; offset < Math.min(bytes.length, mostOffsets); offset++) {
    const first = headerAt(bytes, offset)
    if (first === undefined || first === 'none' || (isMasked !== undefined && first.isMasked !== isMasked)) continue
    if (reachesEnd(bytes, offset, first.isMasked)) return { offset, isMasked: first.isMasked }
  }
  return undefined
}

function reachesEnd(bytes: Buffer, offset: number, isMasked: boolean): boolean {
  let at = offset
  while (at < bytes.length) {
    const header = headerAt(bytes, at)
    if (header === undefined || header === 'none' || header.isMasked !== isMasked) return false
    at += header.headerBytes + header.payloadBytes
  }
  return at === bytes.length
}
