// The few packets that the other side of a comparison needs, by hand: it must not share code with what it measures.
const protocolName = Buffer.from([0, 4, ...Buffer.from('MQTT')])

/** CONNECT of MQTT 3.1.1 with Clean Session and no keepalive, and with a user for brokers that want one. */
export function connect311(clientId, user) {
  const flags = user === undefined ? 0x02 : 0xc2
  const login = user === undefined ? [] : [text(user), text('anything')]
  const body = Buffer.concat([protocolName, Buffer.from([4, flags, 0, 0]), text(clientId), ...login])
  return Buffer.concat([Buffer.from([0x10, body.length]), body])
}

export function subscribe311(packetId, filter, qos) {
  const body = Buffer.concat([Buffer.from([0, packetId]), text(filter), Buffer.from([qos])])
  return Buffer.concat([Buffer.from([0x82, body.length]), body])
}

/** PUBREL for a PUBREC. */
export function pubrel(high, low) {
  return Buffer.from([0x62, 2, high, low])
}

export const pingreq = Buffer.from('c000', 'hex')
export const disconnect = Buffer.from('e000', 'hex')

/** What a server says to CONNECT at this protocol level: yes, and at MQTT 5 with every limit left at its default. */
export function connack(level) {
  return Buffer.from(level === 5 ? '2003000000' : '20020000', 'hex')
}

/** The protocol level in the CONNECT that these bytes begin with. */
export function levelOf(connect) {
  return connect[8]
}

function text(value) {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

/** Calls `onPacket(bytes, start, bodyStart, end)` for each whole packet, and keeps what is left for the next bytes. */
export function packetReader(onPacket) {
  let rest = Buffer.alloc(0)
  return (received) => {
    const bytes = rest.length === 0 ? received : Buffer.concat([rest, received])
    let at = 0
    for (;;) {
      const size = packetSize(bytes, at)
      if (size === undefined || at + size.packetBytes > bytes.length) break
      onPacket(bytes, at, at + size.headerBytes, at + size.packetBytes)
      at += size.packetBytes
    }
    rest = Buffer.from(bytes.subarray(at))
  }
}

function packetSize(bytes, at) {
  let remaining = 0
  for (let index = 1, factor = 1; index <= 4; index++, factor *= 128) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    remaining += (byte & 0x7f) * factor
    if (byte < 0x80) return { headerBytes: 1 + index, packetBytes: 1 + index + remaining }
  }
  throw new Error('a Remaining Length of five bytes')
}
