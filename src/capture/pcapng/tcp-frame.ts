import { internetChecksum } from './checksum.ts'
import type { Endpoint } from './endpoint.ts'

interface TcpSegment {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly sequence: number
  readonly acknowledged: number
  readonly flags: number
  readonly payload: Buffer
}

export const tcpFlags = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const

const ethernetBytes = 14
const tcpBytes = 20
const tcpProtocol = 6
const hopLimit = 64
const largestWindow = 0xffff
const etherTypes = { 4: 0x0800, 6: 0x86dd } as const

/** The segment as an Ethernet frame, in IPv4 or IPv6 as its addresses are, with both checksums right. */
export function tcpFrame(segment: TcpSegment): Buffer {
  const tcp = tcpHeader(segment)
  const ip = segment.from.address.length === 4 ? ipv4Header(segment) : ipv6Header(segment)
  tcp.writeUInt16BE(internetChecksum(pseudoHeader(segment), tcp, segment.payload), 16)
  return Buffer.concat([ethernetHeader(segment), ip, tcp, segment.payload])
}

/** With made-up MAC addresses: 02 marks them as locally administered. */
function ethernetHeader({ from, to }: TcpSegment): Buffer {
  const header = Buffer.alloc(ethernetBytes)
  header.set([0x02, 0, 0, 0, 0, to.port < from.port ? 2 : 1, 0x02, 0, 0, 0, 0, to.port < from.port ? 1 : 2])
  header.writeUInt16BE(from.address.length === 4 ? etherTypes[4] : etherTypes[6], 12)
  return header
}

function ipv4Header({ from, to, payload }: TcpSegment): Buffer {
  const header = Buffer.alloc(20)
  header[0] = 0x45
  header.writeUInt16BE(header.length + tcpBytes + payload.length, 2)
  header.writeUInt16BE(0x4000, 6) // do not fragment
  header[8] = hopLimit
  header[9] = tcpProtocol
  header.set(from.address, 12)
  header.set(to.address, 16)
  header.writeUInt16BE(internetChecksum(header), 10)
  return header
}

function ipv6Header({ from, to, payload }: TcpSegment): Buffer {
  const header = Buffer.alloc(40)
  header[0] = 0x60
  header.writeUInt16BE(tcpBytes + payload.length, 4)
  header[6] = tcpProtocol
  header[7] = hopLimit
  header.set(from.address, 8)
  header.set(to.address, 24)
  return header
}

function tcpHeader({ from, to, sequence, acknowledged, flags }: TcpSegment): Buffer {
  const header = Buffer.alloc(tcpBytes)
  header.writeUInt16BE(from.port, 0)
  header.writeUInt16BE(to.port, 2)
  header.writeUInt32BE(sequence, 4)
  header.writeUInt32BE(acknowledged, 8)
  header[12] = (tcpBytes / 4) << 4
  header[13] = flags
  header.writeUInt16BE(largestWindow, 14)
  return header
}

/** Of both address families: addresses, protocol and length, summed up, are the same numbers in another order. */
function pseudoHeader({ from, to, payload }: TcpSegment): Buffer {
  const rest = Buffer.alloc(8)
  rest.writeUInt32BE(tcpBytes + payload.length, 0)
  rest[7] = tcpProtocol
  return Buffer.concat([from.address, to.address, rest])
}
