/** Bytes of packets, by hand: what attacks are made of must not come from the code that they attack. */

function frame(first: number, ...body: readonly Buffer[]): Buffer {
  const rest = Buffer.concat(body)
  const header = [first]
  let length = rest.length
  do {
    header.push(length > 127 ? (length % 128) + 128 : length)
    length = Math.floor(length / 128)
  } while (length > 0)
  return Buffer.concat([Buffer.from(header), rest])
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([number(bytes.length), bytes])
}

export function number(value: number): Buffer {
  return Buffer.of(value >> 8, value & 255)
}

/** `version` 4 is 3.1.1; there a session that is not clean never ends. */
export function connect(
  clientId: string,
  { version = 5, clean = true, will = Buffer.alloc(0) }: { version?: 4 | 5; clean?: boolean; will?: Buffer } = {},
): Buffer {
  const flags = (clean ? 2 : 0) | (will.length > 0 ? 4 : 0)
  const properties = version === 5 ? Buffer.of(0) : Buffer.alloc(0)
  const willFields = will.length > 0 ? [properties, text('will'), number(will.length), will] : []
  return frame(0x10, text('MQTT'), Buffer.of(version, flags, 0, 0), properties, text(clientId), ...willFields)
}

/** Of MQTT 5 at QoS 0, 1 and 2. */
export function publish(
  topic: string,
  payload: Buffer,
  {
    qos = 0,
    packetId = 1,
    retain = false,
    version = 5,
  }: { qos?: 0 | 1 | 2; packetId?: number; retain?: boolean; version?: 4 | 5 } = {},
): Buffer {
  const fields = [...(qos > 0 ? [number(packetId)] : []), ...(version === 5 ? [Buffer.of(0)] : [])]
  return frame(0x30 | (qos << 1) | (retain ? 1 : 0), text(topic), ...fields, payload)
}

export function subscribe(filters: readonly string[], qos: 0 | 1 | 2 = 0, version: 4 | 5 = 5): Buffer {
  const properties = version === 5 ? [Buffer.of(0)] : []
  return frame(0x82, number(1), ...properties, ...filters.flatMap((filter) => [text(filter), Buffer.of(qos)]))
}

export const pingreq = Buffer.of(0xc0, 0)

export function acknowledgement(first: 0x50 | 0x62, packetId: number): Buffer {
  return frame(first, number(packetId))
}
