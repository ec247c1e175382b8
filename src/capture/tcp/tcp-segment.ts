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
const flags = { fin: 0x01, syn: 0x02, reset: 0x04, acknowledged: 0x10 } as const

export function readSegment(bytes: Buffer): Segment | undefined {
  if (bytes.length < shortestHeaderBytes) return undefined
  const headerBytes = ((bytes[12] as number) >> 4) * 4
  if (headerBytes < shortestHeaderBytes || headerBytes > bytes.length) return undefined
  const flag = bytes[13] as number
  return {
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    sequence: bytes.readUInt32BE(4),
    acknowledged: (flag & flags.acknowledged) === 0 ? undefined : bytes.readUInt32BE(8),
    isSyn: (flag & flags.syn) !== 0,
    isFin: (flag & flags.fin) !== 0,
    isReset: (flag & flags.reset) !== 0,
    payload: bytes.subarray(headerBytes),
  }
}

/** How far `sequence` lies beyond `other`, in the circle of sequence numbers; negative when before it. */
export function sequenceDistance(sequence: number, other: number): number {
  return (sequence - other) | 0
}
