interface Utf8Problem {
  /** Index of the first byte of the sequence at fault. */
  readonly at: number
  readonly kind: 'ill-formed' | 'null'
}

/**
 * The first thing wrong with `bytes[start, end)` as a UTF-8 Encoded String: overlong forms, surrogates, anything above
 * U+10FFFF, stray or missing continuation bytes [MQTT-1.5.4-1], and U+0000 [MQTT-1.5.4-2]. A byte order mark is an
 * ordinary character [MQTT-1.5.4-3], and so is every other control character.
 */
export function utf8Problem(bytes: Uint8Array, start: number, end: number): Utf8Problem | undefined {
  let at = start
  while (at < end) {
    const first = bytes[at]!
    if (first < 0x80) {
      if (first === 0) return { at, kind: 'null' }
      at++
      continue
    }
    const length = sequenceLength(bytes, at, end, first)
    if (length === 0) return { at, kind: 'ill-formed' }
    at += length
  }
  return undefined
}

/** How many bytes the sequence at `at` takes, 0 when it is not well-formed (Unicode, table 3-7). */
function sequenceLength(bytes: Uint8Array, at: number, end: number, first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0 // a continuation byte, an overlong form, or above U+10FFFF
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  const second = bytes[at + 1]!
  if (second < lowestSecond(first) || second > highestSecond(first)) return 0
  for (let index = at + 2; index < at + length; index++) {
    if ((bytes[index]! & 0xc0) !== 0x80) return 0
  }
  return length
}

function lowestSecond(first: number): number {
  if (first === 0xe0) return 0xa0 // below: overlong
  if (first === 0xf0) return 0x90
  return 0x80
}

function highestSecond(first: number): number {
  if (first === 0xed) return 0x9f // above: surrogates
  if (first === 0xf4) return 0x8f // above: beyond U+10FFFF
  return 0xbf
}
