import type { ByteSink } from '../byte-sink.ts'

const quote = 0x22
const backslash = 0x5c
const letterU = 0x75

/** Bytes with a short escape of their own, and the letter of it. */
const shortEscapes: ReadonlyMap<number, number> = new Map([
  [0x08, 0x62], // \b
  [0x09, 0x74], // \t
  [0x0a, 0x6e], // \n
  [0x0c, 0x66], // \f
  [0x0d, 0x72], // \r
  [quote, quote],
  [backslash, backslash],
])

/**
 * A JSON string as mosquitto_sub's JSON library writes it from a C string: up to the first NUL, controls below 0x20
 * escaped, everything else as it came, even if it is not UTF-8.
 */
export function appendJsonString(bytes: Buffer, start: number, end: number, out: ByteSink): void {
  const nul = bytes.subarray(start, end).indexOf(0)
  const stop = nul === -1 ? end : start + nul
  out.reserve((stop - start) * 6 + 2)
  out.bytes[out.length++] = quote
  for (let offset = start; offset < stop; offset += 1) appendCharacter(bytes[offset]!, out)
  out.bytes[out.length++] = quote
}

function appendCharacter(byte: number, out: ByteSink): void {
  const letter = shortEscapes.get(byte)
  if (letter === undefined && byte >= 0x20) {
    out.bytes[out.length++] = byte
    return
  }
  out.bytes[out.length++] = backslash
  if (letter !== undefined) {
    out.bytes[out.length++] = letter
    return
  }
  out.bytes[out.length++] = letterU
  out.length += out.bytes.write(byte.toString(16).padStart(4, '0'), out.length, 'latin1')
}
