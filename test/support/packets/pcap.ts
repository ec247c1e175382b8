/** A capture file (libpcap format, raw IPv4) of TCP segments, for what other tools make of our bytes. */
export interface Segment {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly payload: Buffer
}

const magicMicroseconds = 0xa1b2c3d4
const linkTypeRawIp = 101
const ipHeaderBytes = 20
const tcpHeaderBytes = 20
const tcpProtocol = 6
const pushAndAck = 0x18

/** One packet per segment, 1 ms apart, each direction of each pair of ports with sequence numbers that go on. */
export function pcapOf(segments: readonly Segment[]): Buffer {
  const nextSequence = new Map<string, number>()
  const sequenceOf = (from: number, to: number) => nextSequence.get(`${from}>${to}`) ?? 1
  const records = segments.map((segment, index) => {
    const { sourcePort, destinationPort, payload } = segment
    const sequence = sequenceOf(sourcePort, destinationPort)
    const acknowledged = sequenceOf(destinationPort, sourcePort)
    nextSequence.set(`${sourcePort}>${destinationPort}`, sequence + payload.length)
    return recordOf(ipPacket(segment, sequence, acknowledged), index)
  })
  return Buffer.concat([fileHeader(), ...records])
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(magicMicroseconds, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(0x40000, 16) // longest packet kept
  header.writeUInt32LE(linkTypeRawIp, 20)
  return header
}

function recordOf(packet: Buffer, index: number): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(1_700_000_000 + Math.floor(index / 1000), 0)
  header.writeUInt32LE((index % 1000) * 1000, 4)
  header.writeUInt32LE(packet.length, 8)
  header.writeUInt32LE(packet.length, 12)
  return Buffer.concat([header, packet])
}

/** Checksums stay 0: nobody asks for them in a capture of a loopback. */
function ipPacket({ sourcePort, destinationPort, payload }: Segment, sequence: number, acknowledged: number): Buffer {
  const packet = Buffer.alloc(ipHeaderBytes + tcpHeaderBytes)
  packet[0] = 0x45
  packet.writeUInt16BE(packet.length + payload.length, 2)
  packet[8] = 64
  packet[9] = tcpProtocol
  packet.set([127, 0, 0, 1, 127, 0, 0, 1], 12)
  packet.writeUInt16BE(sourcePort, 20)
  packet.writeUInt16BE(destinationPort, 22)
  packet.writeUInt32BE(sequence, 24)
  packet.writeUInt32BE(acknowledged, 28)
  packet[32] = 0x50
  packet[33] = pushAndAck
  packet.writeUInt16BE(65_535, 34)
  return Buffer.concat([packet, payload])
}
