import assert from 'node:assert/strict'
import { test } from 'node:test'
import { payloadPreview } from '../../src/render/payload-preview.ts'

const cases: readonly (readonly [what: string, payload: Buffer, shown: string])[] = [
  ['an empty payload by its size', Buffer.alloc(0), '0 B'],
  ['text in quotes', Buffer.from('open'), '4 B "open"'],
  ['controls escaped', Buffer.from('a\x1b\n'), '3 B "a\\x1b\\n"'],
  ['what is not UTF-8 in hexadecimal', Buffer.from([0xff, 0x00]), '2 B 0xff00'],
  ['the beginning of long binary data', Buffer.alloc(17, 0xfe), `17 B 0x${'fe'.repeat(16)}…`],
  ['48 bytes whole', Buffer.from('a'.repeat(48)), `48 B "${'a'.repeat(48)}"`],
  ['the beginning of long text', Buffer.from('a'.repeat(49)), `49 B "${'a'.repeat(48)}"…`],
  ['no half of a character at the cut', Buffer.from(`${'a'.repeat(45)}\u{1f600}b`), `50 B "${'a'.repeat(45)}"…`],
]

for (const [what, payload, shown] of cases) {
  test(`shows ${what}`, () => assert.equal(payloadPreview(payload), shown))
}
