/** What an IP packet carries, or a fragment of it. Offsets are of the frame. */
export interface IpPacket {
  readonly protocol: number
  readonly sourceStart: number
  readonly destinationStart: number
  readonly addressBytes: 4 | 16
  readonly payloadStart: number
  readonly payloadEnd: number
  readonly fragment?: Fragment
}

export interface Fragment {
  readonly identification: number
  /** Of the payload, bytes from its beginning. */
  readonly offset: number
  readonly isLast: boolean
}

/** IPv6 headers that stand before what the packet carries, by their number. */
const extensions = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const
const lengthedExtensions = new Set<number>([extensions.hopByHop, extensions.routing, extensions.destination])

/** The packet that begins at `start`, or undefined when it is none that can be read. A frame may be longer than it: padding. */
export function readIpPacket(frame: Buffer, start: number): IpPacket | undefined {
  const version = (frame[start] ?? 0) >> 4
  if (version === 4) return readIpv4(frame, start)
  return version === 6 ? readIpv6(frame, start) : undefined
}

function readIpv4(frame: Buffer, start: number): IpPacket | undefined {
  if (frame.length < start + 20) return undefined
  const headerBytes = ((frame[start] as number) & 0x0f) * 4
  if (headerBytes < 20 || frame.length < start + headerBytes) return undefined
  const totalBytes = frame.readUInt16BE(start + 2)
  const fragmentField = frame.readUInt16BE(start + 6)
  const moreFragments = (fragmentField & 0x2000) !== 0
  const offset = (fragmentField & 0x1fff) * 8
  const isFragment = moreFragments || offset > 0
  return {
    protocol: frame[start + 9] as number,
    sourceStart: start + 12,
    destinationStart: start + 16,
    addressBytes: 4,
    payloadStart: start + headerBytes,
    payloadEnd: endOf(frame, start, totalBytes, headerBytes),
    ...(isFragment && {
      fragment: { identification: frame.readUInt16BE(start + 4), offset, isLast: !moreFragments },
    }),
  }
}

/** A length of 0 is what a network card is left to fill in, where it cuts large segments by itself. */
function endOf(frame: Buffer, start: number, totalBytes: number, headerBytes: number): number {
  if (totalBytes < headerBytes) return frame.length
  return Math.min(start + totalBytes, frame.length)
}

function readIpv6(frame: Buffer, start: number): IpPacket | undefined {
  if (frame.length < start + 40) return undefined
  const payloadEnd = endOf(
    frame,
    start,
    frame.readUInt16BE(start + 4) === 0 ? 0 : frame.readUInt16BE(start + 4) + 40,
    40,
  )
  let protocol = frame[start + 6] as number
  let at = start + 40
  let fragment: Fragment | undefined
  while (
    lengthedExtensions.has(protocol) ||
    protocol === extensions.fragment ||
    protocol === extensions.authentication
  ) {
    if (payloadEnd < at + 8) return undefined
    const next = frame[at] as number
    if (protocol === extensions.fragment) fragment = fragmentIn(frame, at)
    at += extensionBytes(protocol, frame[at + 1] as number)
    protocol = next
    if (fragment !== undefined && fragment.offset > 0) break // what comes is the middle of something
  }
  if (at > payloadEnd) return undefined
  return {
    protocol,
    sourceStart: start + 8,
    destinationStart: start + 24,
    addressBytes: 16,
    payloadStart: at,
    payloadEnd,
    ...(fragment !== undefined && !(fragment.offset === 0 && fragment.isLast) && { fragment }),
  }
}

function extensionBytes(protocol: number, length: number): number {
  if (protocol === extensions.fragment) return 8
  return protocol === extensions.authentication ? (length + 2) * 4 : (length + 1) * 8
}

function fragmentIn(frame: Buffer, at: number): Fragment {
  const field = frame.readUInt16BE(at + 2)
  return { identification: frame.readUInt32BE(at + 4), offset: field & 0xfff8, isLast: (field & 1) === 0 }
}
