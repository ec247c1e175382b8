import type { FrameSink } from './capture-frame.ts'
import { longestRecordBytes, type TakeRecord } from './record-reader.ts'

const fileHeaderBytes = 24
const recordHeaderBytes = 16
const linkTypeMask = 0x0fffffff

/** The four ways in which a file of libpcap begins: either byte order, microseconds or nanoseconds. */
const magics: ReadonlyMap<number, { readonly isLittle: boolean; readonly fractionsPerMicrosecond: number }> = new Map([
  [0xd4c3b2a1, { isLittle: true, fractionsPerMicrosecond: 1 }],
  [0xa1b2c3d4, { isLittle: false, fractionsPerMicrosecond: 1 }],
  [0x4d3cb2a1, { isLittle: true, fractionsPerMicrosecond: 1000 }],
  [0xa1b23c4d, { isLittle: false, fractionsPerMicrosecond: 1000 }],
])

export function isPcap(bytes: Buffer): boolean {
  return magics.has(bytes.readUInt32BE(0))
}

/** A file of libpcap: a header, and a record for each frame. */
export function pcapRecords(sink: FrameSink): TakeRecord {
  let form: { readonly isLittle: boolean; readonly fractionsPerMicrosecond: number } | undefined
  let linkType = 0

  const takeHeader: TakeRecord = (bytes, start, end) => {
    if (end - start < fileHeaderBytes) return 'wait'
    form = magics.get(bytes.readUInt32BE(start))
    if (form === undefined) return 'this is no capture file'
    linkType = word(bytes, start + 20) & linkTypeMask
    return start + fileHeaderBytes
  }

  const word = (bytes: Buffer, at: number) =>
    form?.isLittle === true ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)

  return (bytes, start, end) => {
    if (form === undefined) return takeHeader(bytes, start, end)
    if (end - start < recordHeaderBytes) return 'wait'
    const keptBytes = word(bytes, start + 8)
    if (keptBytes > longestRecordBytes) return `a frame of ${keptBytes} bytes cannot be`
    const frameStart = start + recordHeaderBytes
    if (end - frameStart < keptBytes) return 'wait'
    sink({
      linkType,
      epochMicroseconds: word(bytes, start) * 1e6 + Math.floor(word(bytes, start + 4) / form.fractionsPerMicrosecond),
      bytes: bytes.subarray(frameStart, frameStart + keptBytes),
      isCutOff: word(bytes, start + 12) > keptBytes,
    })
    return frameStart + keptBytes
  }
}
