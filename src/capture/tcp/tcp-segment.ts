/** A TCP segment. The payload is a window on the frame. */
export interface Segment {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  /** Undefined without the ACK flag. */
  readonly acknowledged: number | undefined
  readonly isSyn: boolean
  readonly isFin: boolean
  readonly isReset: boolean
  readonly payload: Buffer
}

const shortestHeaderBytes = 20
const empty = Buffer.alloc(0)
const flags = { fin: 0x01, syn: 0x02, reset: 0x04, acknowledged: 0x10 } as const

/** The segment in `bytes[start, end)`. */
export function readSegment(bytes: Buffer, start = 0, end = bytes.length): Segment | undefined {
  if (end - start < shortestHeaderBytes) return undefined
  const headerBytes = (bytes[start + 12]! >> 4) * 4
  if (headerBytes < shortestHeaderBytes || headerBytes > end - start) return undefined
  const flag = bytes[start + 13]!
  const payloadStart = start + headerBytes
  return {
    sourcePort: bytes.readUInt16BE(start),
    destinationPort: bytes.readUInt16BE(start + 2),
    sequence: bytes.readUInt32BE(start + 4),
    acknowledged: (flag & flags.acknowledged) === 0 ? undefined : bytes.readUInt32BE(start + 8),
    isSyn: (flag & flags.syn) !== 0,
    isFin: (flag & flags.fin) !== 0,
    isReset: (flag & flags.reset) !== 0,
    payload: payloadStart === end ? empty : bytes.subarray(payloadStart, end),
  }
}

/** How far `sequence` lies beyond `other`, in the circle of sequence numbers; negative when before it. */
export function sequenceDistance(sequence: number, other: number): number {
  return (sequence - other) | 0
}
