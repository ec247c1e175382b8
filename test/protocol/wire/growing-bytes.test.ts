import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GrowingBytes } from '../../../src/protocol/wire/growing-bytes.ts'

test('holds what was added, in order, up to the last byte that it may hold', () => {
  const bytes = new GrowingBytes(3_000_001)

  bytes.append(Buffer.from('ab'))
  bytes.append(Buffer.alloc(2_999_998, 'x'))
  bytes.append(Buffer.from('-yz-'), 2, 3)

  assert.equal(bytes.length, 3_000_001)
  assert.equal(bytes.bytes.toString('latin1'), `ab${'x'.repeat(2_999_998)}z`)
})

test('what was looked at stays where it is when more comes', () => {
  const bytes = new GrowingBytes(5_000_000)
  bytes.append(Buffer.from('first'))
  const early = bytes.bytes

  bytes.append(Buffer.alloc(4_000_000))

  assert.equal(early.toString(), 'first')
})

test('takes memory for what comes, not for what may come', () => {
  const before = process.memoryUsage().rss

  const bytes = new GrowingBytes(268_435_460)
  bytes.append(Buffer.alloc(100_000))

  assert.equal(bytes.length, 100_000)
  assert.ok(process.memoryUsage().rss - before < 8_000_000)
})
