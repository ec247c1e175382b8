import { type CutPacket, packetLength } from '../packets/frame-cutter.ts'

/** What a client published, read from its packets with nothing of the code under test. */

export interface Published {
  readonly packetId: number
  readonly qos: number
  readonly dup: boolean
  readonly payload: string
}

/** The packet identifier of a PUBLISH of QoS 1 or 2, or of an acknowledgement. */
export function packetIdOf({ type, bytes }: CutPacket): number {
  const body = bodyStart(bytes)
  return bytes.readUInt16BE(type === 'publish' ? body + 2 + bytes.readUInt16BE(body) : body)
}

/** MQTT 5 has a property length; ours here is 0. */
export function published(packet: CutPacket, version: 4 | 5): Published {
  const { bytes } = packet
  const first = bytes[0] as number
  const body = bodyStart(bytes)
  const afterTopic = body + 2 + bytes.readUInt16BE(body)
  const qos = (first >> 1) & 3
  return {
    packetId: qos === 0 ? 0 : bytes.readUInt16BE(afterTopic),
    qos,
    dup: (first & 8) !== 0,
    payload: bytes.subarray(afterTopic + (qos === 0 ? 0 : 2) + (version === 5 ? 1 : 0)).toString(),
  }
}

/** `PUBLISH one DUP, PUBREL`: the publishing in a list of packets from the client. */
export function account(packets: readonly CutPacket[], version: 4 | 5): string {
  return packets
    .flatMap((packet) => {
      if (packet.type === 'pubrel') return ['PUBREL']
      if (packet.type !== 'publish') return []
      const { payload, dup } = published(packet, version)
      return [`PUBLISH ${payload}${dup ? ' DUP' : ''}`]
    })
    .join(', ')
}

/** What a broker passes on that passes on at once, knowing QoS 2 messages again for as long as it keeps the session. */
export function deliveries(connections: readonly (readonly CutPacket[])[], version: 4 | 5, isKept: boolean): string[] {
  const delivered: string[] = []
  let known = new Set<number>()
  for (const packets of connections) {
    if (!isKept) known = new Set()
    for (const packet of packets) {
      if (packet.type === 'pubrel') known.delete(packetIdOf(packet))
      if (packet.type !== 'publish') continue
      const { packetId, qos, payload } = published(packet, version)
      if (qos === 2 && known.has(packetId)) continue
      known.add(packetId)
      delivered.push(payload)
    }
  }
  return delivered
}

function bodyStart(bytes: Buffer): number {
  const length = packetLength(bytes) ?? bytes.length
  return bytes.length === length ? bytes.length - remainingLength(bytes) : 2
}

function remainingLength(bytes: Buffer): number {
  let remaining = 0
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[1 + index] as number
    remaining += (byte & 0x7f) * 128 ** index
    if (byte < 0x80) return remaining
  }
  throw new Error('a remaining length of five bytes')
}
