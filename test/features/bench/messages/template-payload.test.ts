import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { writeDecimal } from '../../../../src/features/bench/messages/decimal.ts'
import { StampProperty } from '../../../../src/features/bench/messages/stamp-property.ts'
import { templateBounds } from '../../../../src/features/bench/messages/template-bounds.ts'
import { PayloadTemplate } from '../../../../src/features/bench/messages/template-payload.ts'
import type { TemplatePiece } from '../../../../src/features/bench/settings.ts'

const publisher = { index: 7, clientId: 'c7', username: 'ann', random: 'ab12' }
const dueMicroseconds = 1_700_000_000_123_456

function texts(pieces: readonly TemplatePiece[], random: () => number, count: number): string[] {
  const payload = new PayloadTemplate(pieces, random).sourceOf(publisher)
  return Array.from({ length: count }, (_, sequence) => {
    const length = payload.next(sequence, dueMicroseconds + sequence * 1000)
    return payload.bytes.toString('utf8', 0, length)
  })
}

describe('a template', () => {
  test('has its client’s names, the number of the message and when it was due', () => {
    const pieces: TemplatePiece[] = [
      { placeholder: 'client', pattern: 'ü %i %c %u %r %% ' },
      { placeholder: 'sequence' },
      { placeholder: 'client', pattern: ' ' },
      { placeholder: 'milliseconds' },
      { placeholder: 'client', pattern: ' ' },
      { placeholder: 'date' },
    ]

    assert.deepEqual(texts(pieces, Math.random, 2), [
      'ü 7 c7 ann ab12 % 0 1700000000123 2023-11-14T22:13:20.123Z',
      'ü 7 c7 ann ab12 % 1 1700000000124 2023-11-14T22:13:20.124Z',
    ])
  })

  test('has numbers at random, both ends included, with as many decimals as asked for', () => {
    const chances = [0, 0.5, 0.999]

    const pieces: TemplatePiece[] = [{ placeholder: 'number', minimum: -15, maximum: 255, decimals: 1 }]

    assert.deepEqual(
      texts(pieces, () => chances.shift() ?? 0, 3),
      ['-1.5', '12.0', '25.5'],
    )
  })

  test('leaves nothing of a longer message in a shorter one, and publishers do not see each other', () => {
    const template = new PayloadTemplate([{ placeholder: 'client', pattern: '%c' }], Math.random)
    const long = template.sourceOf({ index: 0, clientId: 'a-long-identifier' })
    const short = template.sourceOf({ index: 1, clientId: 'b' })

    long.next(0, 0)
    const length = short.next(0, 0)

    assert.equal(short.bytes.toString('utf8', 0, length), 'b')
  })

  test('knows how small and how large its payloads can be', () => {
    const pieces: TemplatePiece[] = [
      { placeholder: 'client', pattern: '%c:' },
      { placeholder: 'sequence' },
      { placeholder: 'number', minimum: -5, maximum: 1000, decimals: 2 },
    ]

    assert.deepEqual(templateBounds(pieces, publisher, 99), [3 + 1 + 4, 3 + 2 + 5])
  })
})

describe('a decimal number', () => {
  const rows: ReadonlyArray<readonly [value: number, decimals: number, text: string]> = [
    [0, 0, '0'],
    [9, 0, '9'],
    [10, 0, '10'],
    [-1, 0, '-1'],
    [2_147_483_648, 0, '2147483648'],
    [Number.MAX_SAFE_INTEGER, 0, '9007199254740991'],
    [0, 1, '0.0'],
    [5, 2, '0.05'],
    [-5, 2, '-0.05'],
    [12_345, 3, '12.345'],
  ]
  for (const [value, decimals, text] of rows) {
    test(`${value} with ${decimals} decimals is ${text}`, () => {
      const out = Buffer.alloc(32, 'x')

      const end = writeDecimal(out, 3, value, decimals)

      assert.equal(out.toString('latin1', 0, end + 1), `xxx${text}x`)
    })
  }
})

test('the stamp of a property begins with the run and the publisher, in base64', () => {
  // b79d 01020304 0a0b0c, and fifteen bytes that each message fills
  assert.deepEqual(new StampProperty(0x01020304, 0x0a0b0c).property, ['b', 't50BAgMECgsMAAAAAAAAAAAAAAAAAAAA'])
})
