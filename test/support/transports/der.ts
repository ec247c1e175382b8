/** Just enough of DER (X.690) to write a certificate: tag, length, content. */
export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body), body])
}

function lengthOf(body: Buffer): Buffer {
  if (body.length < 0x80) return Buffer.from([body.length])
  if (body.length < 0x100) return Buffer.from([0x81, body.length])
  return Buffer.from([0x82, body.length >> 8, body.length & 0xff])
}

export const sequence = (...content: readonly Buffer[]) => der(0x30, ...content)
export const set = (...content: readonly Buffer[]) => der(0x31, ...content)
export const octets = (content: Buffer) => der(0x04, content)
export const utf8 = (text: string) => der(0x0c, Buffer.from(text))
export const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 0xff : 0]))
/** No unused bits. */
export const bits = (content: Buffer) => der(0x03, Buffer.from([0]), content)
/** An explicit context tag: `[n]`. */
export const explicit = (n: number, ...content: readonly Buffer[]) => der(0xa0 | n, ...content)
/** An implicit context tag on a primitive value. */
export const implicit = (n: number, content: Buffer) => der(0x80 | n, content)

/** Unsigned, from big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes[0] !== undefined && bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** From its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const low = value & 0x7f
  return value < 0x80 ? [low] : [...base128(value >> 7).map((byte) => byte | 0x80), low]
}

/** UTCTime, good until 2049: YYMMDDHHMMSSZ. */
export function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-T:]/g, '')}Z`))
}

export function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
