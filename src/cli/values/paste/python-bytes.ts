import { usageError } from '../../usage-error.ts'

const literal = /^(?:bytearray\(|bytes\()?\s*b(?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)")\s*\)?$/
const token = /\\x([0-9a-fA-F]{2})|\\([0-7]{1,3})|\\([\\'"abfnrtv])|([^\\])|\\/g
const named: Readonly<Record<string, number>> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
}

/** The bytes of `b'0\x03\x00\x01a'`, as Python prints them, and in `bytearray(…)`; undefined for anything else. */
export function pythonBytesIn(text: string, from: string): Buffer | undefined {
  const match = literal.exec(text)
  if (match === null) return undefined
  const inside = match[1] ?? match[2] ?? ''
  return Buffer.from([...inside.matchAll(token)].map((part) => byteOf(part, from)))
}

function byteOf([whole, hex, octal, name, character]: RegExpMatchArray, from: string): number {
  if (hex !== undefined) return Number.parseInt(hex, 16)
  if (octal !== undefined) return Number.parseInt(octal, 8) & 0xff
  if (name !== undefined) return named[name] ?? 0
  const code = character?.charCodeAt(0) ?? 0x100
  if (code < 0x80) return code
  throw usageError(`${from}: ${JSON.stringify(whole)} does not stand in bytes of Python`, 'paste what repr() prints')
}
