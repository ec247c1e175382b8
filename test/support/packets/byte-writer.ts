/** Bytes of MQTT written by hand. Apart from `src/protocol`, so that tests do not check code with itself. */

export function byte(value: number): Buffer {
  return Buffer.of(value)
}

export function twoBytes(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}

export function fourBytes(value: number): Buffer {
  return Buffer.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}

export function variableByteInteger(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = (rest - low) / 128
    bytes.push(rest > 0 ? low | 0x80 : low)
  } while (rest > 0)
  return Buffer.from(bytes)
}

/** Two bytes of length before the value; text is written as UTF-8. */
export function prefixed(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([twoBytes(bytes.length), bytes])
}

export function joined(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts)
}

/** A control packet: first byte, Remaining Length, body. */
export function packetOf(firstByte: number, ...body: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(body)
  return Buffer.concat([byte(firstByte), variableByteInteger(bytes.length), bytes])
}
