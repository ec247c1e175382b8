/** What travels in the first bytes of every payload, so that each message can be matched and timed where it arrives. */
export const stampBytes = 24

/** Neither byte can begin UTF-8 text, so no ordinary text payload is taken for one of ours. */
const firstMark = 0xb7
const secondMark = 0x9d
const publisherAt = 6
/** What never changes in the stamps of one publisher: mark, run, publisher. */
export const stampHeadBytes = 9
const sequenceAt = stampHeadBytes
const intendedAt = 14
const delayAt = 20
/** In the first byte of the sequence: its publisher sent it in the warm-up. */
const warmupBit = 0x80
const two32 = 2 ** 32
const two48 = 2 ** 48
const longestDelayMicroseconds = two32 - 1

/** Writes the first `stampHeadBytes`. */
export function writeStampHead(out: Buffer, at: number, runId: number, publisher: number): void {
  out[at] = firstMark
  out[at + 1] = secondMark
  out.writeUInt32BE(runId, at + 2)
  out.writeUIntBE(publisher, at + publisherAt, 3)
}

/**
 * Writes what changes with each message. `intendedMicroseconds`: since the epoch, when it should have left.
 * `delayMicroseconds`: how much later it really left. `isOfWarmup`: the phase is its publisher's, whose clock began it.
 */
export function writeStamp(
  out: Buffer,
  at: number,
  sequence: number,
  intendedMicroseconds: number,
  delayMicroseconds: number,
  isOfWarmup = false,
): void {
  out[at + sequenceAt] = (sequence / two32) | (isOfWarmup ? warmupBit : 0)
  writeLow32(out, at + sequenceAt + 1, sequence)
  const high = (intendedMicroseconds / two32) & 0xffff
  out[at + intendedAt] = high >> 8
  out[at + intendedAt + 1] = high
  writeLow32(out, at + intendedAt + 2, intendedMicroseconds)
  writeLow32(out, at + delayAt, Math.min(delayMicroseconds, longestDelayMicroseconds))
}

function writeLow32(out: Buffer, at: number, value: number): void {
  const bits = value >>> 0
  out[at] = bits >>> 24
  out[at + 1] = bits >>> 16
  out[at + 2] = bits >>> 8
  out[at + 3] = bits
}

/** Reads stamps one after the other into its own fields: one is there for each message, so nothing is allocated. */
export class StampReader {
  runId = 0
  publisher = 0
  sequence = 0
  isOfWarmup = false
  delayMicroseconds = 0
  /** Of the microseconds since the epoch, the lower 48 bits: nine years. */
  #intendedLow48 = 0

  /** False for a payload that is not ours. */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < stampBytes || bytes[start] !== firstMark || bytes[start + 1] !== secondMark) return false
    this.runId = readLow32(bytes, start + 2)
    const publisher = start + publisherAt
    this.publisher = (bytes[publisher]! << 16) | (bytes[publisher + 1]! << 8) | bytes[publisher + 2]!
    const high = bytes[start + sequenceAt]!
    this.isOfWarmup = (high & warmupBit) !== 0
    this.sequence = (high & ~warmupBit) * two32 + readLow32(bytes, start + sequenceAt + 1)
    const intended = start + intendedAt
    this.#intendedLow48 = ((bytes[intended]! << 8) | bytes[intended + 1]!) * two32 + readLow32(bytes, intended + 2)
    this.delayMicroseconds = readLow32(bytes, start + delayAt)
    return true
  }

  /** From the intended time to this one; negative when the two clocks disagree. */
  elapsedMicroseconds(nowMicroseconds: number): number {
    const elapsed = (nowMicroseconds % two48) - this.#intendedLow48
    if (elapsed < -two48 / 2) return elapsed + two48
    return elapsed > two48 / 2 ? elapsed - two48 : elapsed
  }
}

function readLow32(bytes: Buffer, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
