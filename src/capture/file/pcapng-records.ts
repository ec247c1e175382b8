import type { FrameSink } from './capture-frame.ts'
import { longestRecordBytes, type TakeRecord } from './record-reader.ts'

const sectionHeaderType = 0x0a0d0d0a
const interfaceType = 1
const simplePacketType = 3
const enhancedPacketType = 6
const littleMagic = 0x4d3c2b1a
const bigMagic = 0x1a2b3c4d
const shortestBlockBytes = 12
const timeResolutionOption = 9
const powerOfTwoFlag = 0x80

interface CaptureInterface {
  readonly linkType: number
  /** 0 keeps everything. */
  readonly longestKeptBytes: number
  readonly unitsPerMicrosecond: number
}

export function isPcapng(bytes: Buffer): boolean {
  return bytes.readUInt32BE(0) === sectionHeaderType
}

/** A file in pcapng (draft-ietf-opsawg-pcapng): sections of blocks. Blocks of other kinds are passed over. */
export function pcapngRecords(sink: FrameSink): TakeRecord {
  let isLittle = true
  let interfaces: CaptureInterface[] = []
  const short = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const word = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))

  /** The byte order of a section stands behind its length: it is the one block that has to be looked into for that. */
  const beginSection = (bytes: Buffer, start: number): string | undefined => {
    const magic = bytes.readUInt32BE(start + 8)
    if (magic !== littleMagic && magic !== bigMagic) return 'a section begins without its byte order'
    isLittle = magic === littleMagic
    interfaces = []
    return undefined
  }

  const addInterface = (bytes: Buffer, start: number, end: number): void => {
    interfaces.push({
      linkType: short(bytes, start + 8),
      longestKeptBytes: word(bytes, start + 12),
      unitsPerMicrosecond: unitsPerMicrosecond(bytes, start + 16, end - 4, short),
    })
  }

  const passEnhanced = (bytes: Buffer, start: number, end: number): string | undefined => {
    const from = interfaces[word(bytes, start + 8)]
    const keptBytes = word(bytes, start + 20)
    if (from === undefined) return 'a packet names an interface that was not described'
    if (start + 28 + keptBytes > end - 4) return 'a packet is longer than its block'
    const time = word(bytes, start + 12) * 2 ** 32 + word(bytes, start + 16)
    sink({
      linkType: from.linkType,
      epochMicroseconds: Math.floor(time / from.unitsPerMicrosecond),
      bytes: bytes.subarray(start + 28, start + 28 + keptBytes),
      isCutOff: word(bytes, start + 24) > keptBytes,
    })
    return undefined
  }

  /** Of the first interface, without a time. */
  const passSimple = (bytes: Buffer, start: number, end: number): string | undefined => {
    const [from] = interfaces
    if (from === undefined) return 'a packet comes before any interface was described'
    const originalBytes = word(bytes, start + 8)
    const room = end - 4 - (start + 12)
    const most = from.longestKeptBytes === 0 ? originalBytes : Math.min(originalBytes, from.longestKeptBytes)
    const keptBytes = Math.min(most, room)
    const frame = bytes.subarray(start + 12, start + 12 + keptBytes)
    sink({ linkType: from.linkType, epochMicroseconds: 0, bytes: frame, isCutOff: originalBytes > keptBytes })
    return undefined
  }

  const pass = (type: number, bytes: Buffer, start: number, end: number): string | undefined => {
    if (type === interfaceType && end - start >= 20) addInterface(bytes, start, end)
    else if (type === enhancedPacketType && end - start >= 32) return passEnhanced(bytes, start, end)
    else if (type === simplePacketType && end - start >= 16) return passSimple(bytes, start, end)
    return undefined
  }

  return (bytes, start, end) => {
    if (end - start < shortestBlockBytes) return 'wait'
    const isSection = bytes.readUInt32BE(start) === sectionHeaderType
    const problem = isSection ? beginSection(bytes, start) : undefined
    if (problem !== undefined) return problem
    const blockBytes = word(bytes, start + 4)
    if (blockBytes < shortestBlockBytes || blockBytes % 4 !== 0) return `a block of ${blockBytes} bytes cannot be`
    if (blockBytes > longestRecordBytes) return `a block of ${blockBytes} bytes is larger than any frame`
    if (end - start < blockBytes) return 'wait'
    return pass(word(bytes, start), bytes, start, start + blockBytes) ?? start + blockBytes
  }
}

/** 10^-6 unless an option of the interface says otherwise. */
function unitsPerMicrosecond(
  bytes: Buffer,
  start: number,
  end: number,
  short: (bytes: Buffer, at: number) => number,
): number {
  let at = start
  while (at + 4 <= end) {
    const code = short(bytes, at)
    const length = short(bytes, at + 2)
    if (code === 0) break
    if (code === timeResolutionOption && length === 1 && at + 4 < end) return resolution(bytes[at + 4] as number)
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return 1
}

function resolution(value: number): number {
  const exponent = value & ~powerOfTwoFlag
  return (value & powerOfTwoFlag) === 0 ? 10 ** (exponent - 6) : 2 ** exponent / 1e6
}
