import { internetChecksum } from '../../../src/capture/pcapng/checksum.ts'
import { seededRandom } from '../../../src/seeded-random.ts'

/** A TCP segment as it is captured. */
export interface TalkSegment {
  readonly fromClient: boolean
  readonly sequence: number
  readonly acknowledged: number
  readonly flags: number
  readonly payload: Buffer
}

const flag = { fin: 0x01, syn: 0x02, reset: 0x04, push: 0x08, acknowledge: 0x10 } as const

/** What a client and a server say over TCP, segment by segment. */
export class CapturedTalk {
  readonly segments: TalkSegment[] = []
  #client: number
  #server: number

  /** The initial sequence numbers: near 2 ** 32 they run over. */
  constructor(client = 0xffff_fff0, server = 7) {
    this.#client = client
    this.#server = server
  }

  open(): this {
    this.#add(true, flag.syn, Buffer.alloc(0))
    this.#client++
    this.#add(false, flag.syn | flag.acknowledge, Buffer.alloc(0))
    this.#server++
    this.#add(true, flag.acknowledge, Buffer.alloc(0))
    return this
  }

  client(...payloads: readonly Buffer[]): this {
    for (const payload of payloads) {
      this.#add(true, flag.push | flag.acknowledge, payload)
      this.#client += payload.length
    }
    return this
  }

  server(...payloads: readonly Buffer[]): this {
    for (const payload of payloads) {
      this.#add(false, flag.push | flag.acknowledge, payload)
      this.#server += payload.length
    }
    return this
  }

  close(): this {
    this.#add(true, flag.fin | flag.acknowledge, Buffer.alloc(0))
    this.#client++
    this.#add(false, flag.fin | flag.acknowledge, Buffer.alloc(0))
    this.#server++
    this.#add(true, flag.acknowledge, Buffer.alloc(0))
    return this
  }

  #add(fromClient: boolean, flags: number, payload: Buffer): void {
    const [sequence, other] = fromClient ? [this.#client, this.#server] : [this.#server, this.#client]
    const acknowledged = (flags & flag.acknowledge) === 0 ? 0 : other >>> 0
    this.segments.push({ fromClient, sequence: sequence >>> 0, acknowledged, flags, payload })
  }
}

/** The link layers that captures come with, by their LINKTYPE. */
export type LinkLayer = 'ethernet' | 'vlan' | 'cooked' | 'cooked2' | 'loopback' | 'raw'

export interface CaptureShape {
  readonly link?: LinkLayer
  readonly isIpv6?: boolean
  readonly clientPort?: number
  readonly serverPort?: number
  /** IPv4 packets larger than this go in fragments of it; a multiple of 8. */
  readonly fragmentBytes?: number
}

const linkTypes: Readonly<Record<LinkLayer, number>> = {
  ethernet: 1,
  vlan: 1,
  cooked: 113,
  cooked2: 276,
  loopback: 0,
  raw: 101,
}
const clientIp = { v4: Buffer.from([10, 0, 0, 7]), v6: Buffer.from('20010db8000000000000000000000007', 'hex') }
const serverIp = { v4: Buffer.from([10, 0, 0, 1]), v6: Buffer.from('20010db8000000000000000000000001', 'hex') }

/** The frames of a capture, a millisecond apart. */
export function framesOf(segments: readonly TalkSegment[], shape: CaptureShape = {}): readonly Buffer[] {
  const { link = 'ethernet', isIpv6 = false, fragmentBytes } = shape
  return segments.flatMap((segment, index) => {
    const tcp = tcpOf(segment, shape)
    const packets = isIpv6 ? [ipv6Of(tcp, segment)] : ipv4Of(tcp, segment, index + 1, fragmentBytes)
    return packets.map((packet) => Buffer.concat([linkHeader(link, isIpv6), packet]))
  })
}

function tcpOf({ fromClient, sequence, acknowledged, flags, payload }: TalkSegment, shape: CaptureShape): Buffer {
  const { clientPort = 50_000, serverPort = 1883 } = shape
  const header = Buffer.alloc(20)
  header.writeUInt16BE(fromClient ? clientPort : serverPort, 0)
  header.writeUInt16BE(fromClient ? serverPort : clientPort, 2)
  header.writeUInt32BE(sequence, 4)
  header.writeUInt32BE(acknowledged, 8)
  header[12] = 0x50
  header[13] = flags
  header.writeUInt16BE(65_535, 14)
  const tcp = Buffer.concat([header, payload])
  tcp.writeUInt16BE(internetChecksum(pseudoHeader(tcp.length, fromClient, shape.isIpv6 === true), tcp), 16)
  return tcp
}

function pseudoHeader(tcpBytes: number, fromClient: boolean, isIpv6: boolean): Buffer {
  const version = isIpv6 ? 'v6' : 'v4'
  const [source, destination] = fromClient
    ? [clientIp[version], serverIp[version]]
    : [serverIp[version], clientIp[version]]
  const rest = Buffer.alloc(isIpv6 ? 8 : 4)
  if (isIpv6) {
    rest.writeUInt32BE(tcpBytes, 0)
    rest[7] = 6
  } else {
    rest[1] = 6
    rest.writeUInt16BE(tcpBytes, 2)
  }
  return Buffer.concat([source, destination, rest])
}

function ipv4Of(tcp: Buffer, { fromClient }: TalkSegment, id: number, fragmentBytes = 65_000): readonly Buffer[] {
  const packets: Buffer[] = []
  for (let at = 0; at < tcp.length; at += fragmentBytes) {
    const part = tcp.subarray(at, at + fragmentBytes)
    const header = Buffer.alloc(20)
    header[0] = 0x45
    header.writeUInt16BE(20 + part.length, 2)
    header.writeUInt16BE(id & 0xffff, 4)
    header.writeUInt16BE((at + part.length < tcp.length ? 0x2000 : 0) | (at / 8), 6)
    header[8] = 64
    header[9] = 6
    header.set(fromClient ? clientIp.v4 : serverIp.v4, 12)
    header.set(fromClient ? serverIp.v4 : clientIp.v4, 16)
    header.writeUInt16BE(internetChecksum(header), 10)
    packets.push(Buffer.concat([header, part]))
  }
  return packets
}

function ipv6Of(tcp: Buffer, { fromClient }: TalkSegment): Buffer {
  const header = Buffer.alloc(40)
  header[0] = 0x60
  header.writeUInt16BE(tcp.length, 4)
  header[6] = 6
  header[7] = 64
  header.set(fromClient ? clientIp.v6 : serverIp.v6, 8)
  header.set(fromClient ? serverIp.v6 : clientIp.v6, 24)
  return Buffer.concat([header, tcp])
}

function linkHeader(link: LinkLayer, isIpv6: boolean): Buffer {
  const etherType = isIpv6 ? '86dd' : '0800'
  switch (link) {
    case 'ethernet':
      return Buffer.from(`0200000000020200000000 01${etherType}`.replace(' ', ''), 'hex')
    case 'vlan':
      return Buffer.from(`020000000002020000000001${'8100002a'}${etherType}`, 'hex')
    case 'cooked':
      return Buffer.from(`000000010006020000000001${'0000'}${etherType}`, 'hex')
    case 'cooked2':
      return Buffer.from(`${etherType}${'0000'}${'00000001'}${'0001'}${'00'}${'06'}${'0200000000010000'}`, 'hex')
    case 'loopback':
      return Buffer.from(isIpv6 ? '1e000000' : '02000000', 'hex')
    case 'raw':
      return Buffer.alloc(0)
  }
}

/** A pcap file, in microseconds, in the byte order of most machines. */
export function pcapFile(frames: readonly Buffer[], link: LinkLayer = 'ethernet'): Buffer {
  const head = Buffer.from('d4c3b2a1020004000000000000000000000004000000 0000'.replace(' ', ''), 'hex')
  head.writeUInt32LE(linkTypes[link], 20)
  const records = frames.map((frame, index) => {
    const header = Buffer.alloc(16)
    header.writeUInt32LE(1_700_000_000 + Math.floor(index / 1000), 0)
    header.writeUInt32LE((index % 1000) * 1000, 4)
    header.writeUInt32LE(frame.length, 8)
    header.writeUInt32LE(frame.length, 12)
    return Buffer.concat([header, frame])
  })
  return Buffer.concat([head, ...records])
}

/** What a network and a capture do to segments: late, twice, overlapping. Nothing is missing afterwards. */
export function mangled(segments: readonly TalkSegment[], seed: number): readonly TalkSegment[] {
  const random = seededRandom(seed)
  const result: { readonly at: number; readonly segment: TalkSegment }[] = []
  segments.forEach((segment, index) => {
    const late = segment.payload.length > 0 && random() < 0.3 ? 1 + Math.floor(random() * 4) : 0
    result.push({ at: index + late + random() * 0.5, segment })
    if (segment.payload.length === 0) return
    if (random() < 0.2) result.push({ at: index + random() * 6, segment })
    if (random() < 0.2)
      result.push({ at: index + random() * 6, segment: overlapping(segment, segments[index + 1], random) })
  })
  return result.sort((a, b) => a.at - b.at).map(({ segment }) => segment)
}

/** Sent again together with the beginning of what came next, or without its own beginning. */
function overlapping(segment: TalkSegment, next: TalkSegment | undefined, random: () => number): TalkSegment {
  const isNextOfSame =
    next?.fromClient === segment.fromClient && next.sequence === (segment.sequence + segment.payload.length) >>> 0
  if (isNextOfSame && next !== undefined) {
    const more = next.payload.subarray(0, Math.floor(random() * next.payload.length))
    return { ...segment, payload: Buffer.concat([segment.payload, more]) }
  }
  const without = Math.floor(random() * segment.payload.length)
  return { ...segment, sequence: (segment.sequence + without) >>> 0, payload: segment.payload.subarray(without) }
}

/** Without some segments: the capture did not have them, and the other side acknowledged them all the same. */
export function withLosses(segments: readonly TalkSegment[], lost: (segment: TalkSegment, index: number) => boolean) {
  return segments.filter((segment, index) => !lost(segment, index))
}
