import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type InputForm, packetBytes } from '../../../../src/cli/values/inspect/packet-bytes.ts'
import { refused } from '../refused.ts'

const read = (text: string, form: InputForm = 'auto') =>
  packetBytes(Buffer.from(text, 'latin1'), form, 'input').toString('hex')

const understood: readonly (readonly [text: string, hex: string, form?: InputForm])[] = [
  ['c0 00', 'c000'],
  ['C000\n', 'c000'],
  ['0xC0, 0x00', 'c000'],
  ['0xc000', 'c000'],
  ['\\xc0\\x00', 'c000'],
  ['c0:00', 'c000'],
  ['c0-00', 'c000'],
  ['wAA=', 'c000'],
  ['wADA\nAA==', 'c000c000'],
  ['\xc0\x00', 'c000'],
  ['c000', '63303030', 'binary'],
  ['c000', '734d34', 'base64'],
  ['wAA', 'c000', 'base64'],
]
for (const [text, hex, form] of understood) {
  test(`reads ${JSON.stringify(text)}${form === undefined ? '' : ` as ${form}`}`, () => {
    assert.equal(read(text, form), hex)
  })
}

function refusedAs(pattern: RegExp, text: string, form?: InputForm): void {
  assert.match(refused(() => read(text, form)).message, pattern)
}

test('names the character that is neither hex nor base64', () => {
  refusedAs(/"g" at character 5/, 'c0 0g')
})

test('refuses half a byte, nothing, and hex that is not hex', () => {
  refusedAs(/3 hex digits/, 'c00')
  refusedAs(/empty/, '')
  refusedAs(/neither/, 'wAA=', 'hex')
  refusedAs(/neither/, 'wAA=A', 'base64')
})
