const ethernetBytes = 14
const ethertypes: ReadonlySet<number> = new Set([0x0800, 0x86dd])
const tcp = 6

/**
 * The TCP payload of a whole frame or IP packet, as tcpdump and Wireshark print them; anything else as it is. Every length in
 * it must agree, so that no MQTT passes for one.
 */
export function framePayload(bytes: Buffer): Buffer {
  const hasEthernet = bytes.length > ethernetBytes && ethertypes.has(bytes.readUInt16BE(ethernetBytes - 2))
  const inEthernet = hasEthernet ? ipPayload(bytes.subarray(ethernetBytes), true) : undefined
  return inEthernet ?? ipPayload(bytes, false) ?? bytes
}

/** Ethernet fills short packets up to 60 bytes. */
function ipPayload(packet: Buffer, mayBePadded: boolean): Buffer | undefined {
  const version = (packet[0] ?? 0) >> 4
  if (version === 4 && packet.length >= 20) return ipv4Payload(packet, mayBePadded)
  if (version !== 6 || packet.length < 40 || packet[6] !== tcp) return undefined
  const end = 40 + packet.readUInt16BE(4)
  return isEnd(packet, end, mayBePadded) ? tcpPayload(packet.subarray(40, end)) : undefined
}

function ipv4Payload(packet: Buffer, mayBePadded: boolean): Buffer | undefined {
  const header = ((packet[0] ?? 0) & 0x0f) * 4
  const end = packet.readUInt16BE(2)
  const isTcp = packet[9] === tcp && header >= 20 && isEnd(packet, end, mayBePadded)
  return isTcp ? tcpPayload(packet.subarray(header, end)) : undefined
}

function isEnd(packet: Buffer, end: number, mayBePadded: boolean): boolean {
  return end === packet.length || (mayBePadded && end < packet.length && packet.length + ethernetBytes <= 64)
}

function tcpPayload(segment: Buffer): Buffer | undefined {
  const header = ((segment[12] ?? 0) >> 4) * 4
  return header >= 20 && header <= segment.length ? segment.subarray(header) : undefined
}
