import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8Problem } from '../../../src/protocol/wire/utf8.ts'
import { fromHex } from '../../support/packets/hex.ts'

const wellFormed = [
  ['nothing', ''],
  ['ASCII with a control character', '0a 61 7f'],
  ['the first and last of two bytes', 'c280 dfbf'],
  ['the first and last of three bytes', 'e0a080 efbfbf'],
  ['beside the surrogates', 'ed9fbf ee8080'],
  ['the first and last of four bytes', 'f0908080 f48fbfbf'],
  ['a byte order mark, which is an ordinary character [MQTT-1.5.4-3]', 'efbbbf'],
] as const

const illFormed = [
  ['a lone continuation byte', '61 80', 1],
  ['an overlong two-byte form', 'c1bf', 0],
  ['an overlong NUL', 'c080', 0],
  ['an overlong three-byte form', 'e09fbf', 0],
  ['an overlong four-byte form', 'f08fbfbf', 0],
  ['a high surrogate', '61 eda080', 1],
  ['a low surrogate', 'edbfbf', 0],
  ['a code point above U+10FFFF', 'f4908080', 0],
  ['a first byte above F4', 'f5808080', 0],
  ['a sequence that ends early', 'c3a9 e282', 2],
  ['a sequence broken by ASCII', 'e28261', 0],
  ['a sequence broken by another', 'f09f98 c3a9', 0],
] as const

for (const [name, hex] of wellFormed) {
  test(`accepts ${name}`, () => {
    const bytes = fromHex(hex)

    assert.equal(utf8Problem(bytes, 0, bytes.length), undefined)
  })
}

for (const [name, hex, at] of illFormed) {
  test(`refuses ${name} [MQTT-1.5.4-1]`, () => {
    const bytes = fromHex(hex)

    assert.deepEqual(utf8Problem(bytes, 0, bytes.length), { at, kind: 'ill-formed' })
  })
}

test('refuses U+0000 [MQTT-1.5.4-2]', () => {
  assert.deepEqual(utf8Problem(fromHex('61 00'), 0, 2), { at: 1, kind: 'null' })
})

test('looks at no byte outside its span', () => {
  assert.equal(utf8Problem(fromHex('ff 61 ff'), 1, 2), undefined)
  assert.deepEqual(utf8Problem(fromHex('61 c3 a9'), 0, 2), { at: 1, kind: 'ill-formed' })
})

test('agrees with TextDecoder on sequences of one to four bytes from the edges of every range', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const isWellFormed = (bytes: Buffer) => {
    try {
      decoder.decode(bytes)
      return true
    } catch {
      return false
    }
  }
  const edges = [0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed]
  const bytesTried = [...edges, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff]
  for (const a of bytesTried) {
    for (const b of bytesTried) {
      for (const c of bytesTried) {
        const tail = Buffer.from([a, b, c, 0x80])
        for (const bytes of [tail.subarray(0, 1), tail.subarray(0, 2), tail.subarray(0, 3), tail]) {
          assert.equal(utf8Problem(bytes, 0, bytes.length) === undefined, isWellFormed(bytes), bytes.toString('hex'))
        }
      }
    }
  }
})
