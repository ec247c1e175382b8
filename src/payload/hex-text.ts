import type { ByteSink } from './byte-sink.ts'

interface HexGrouping {
  /** Sixteen digits, in the case to print. */
  readonly digits: string
  /** 0: no groups. */
  readonly digitsPerGroup: number
  readonly separator: string
}

/** Two digits a byte. */
export function appendHex(bytes: Buffer, start: number, end: number, digits: string, out: ByteSink): void {
  out.reserve((end - start) * 2)
  for (let offset = start; offset < end; offset += 1) {
    const byte = bytes[offset]!
    out.bytes[out.length++] = digits.charCodeAt(byte >> 4)
    out.bytes[out.length++] = digits.charCodeAt(byte & 15)
  }
}

/**
 * `pad`, then the digits, a separator after each full group of them. None follows the last digit, except after the
 * padding of an empty payload: mosquitto_sub 2.1 does the same.
 */
export function appendGroupedHex(
  bytes: Buffer,
  start: number,
  end: number,
  pad: string,
  { digits, digitsPerGroup, separator }: HexGrouping,
  out: ByteSink,
): void {
  let text = ''
  let position = 0
  const put = (character: string, isLast: boolean) => {
    text += character
    position += 1
    if (!isLast && digitsPerGroup > 0 && position % digitsPerGroup === 0) text += separator
  }
  for (const character of pad) put(character, false)
  for (let offset = start; offset < end; offset += 1) {
    put(digits[bytes[offset]! >> 4]!, false)
    put(digits[bytes[offset]! & 15]!, offset === end - 1)
  }
  out.appendText(text)
}
