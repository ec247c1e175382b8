import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OutputBuffer } from '../../src/render/output-buffer.ts'

const source = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) & 0xff))

test('appends spans of any length from any offset, byte for byte', () => {
  const out = new OutputBuffer()
  const expected: Buffer[] = []

  for (let length = 0; length <= 300; length += 1) {
    const start = (length * 13) % 700
    out.appendBytes(source, start, start + length)
    out.appendByte(0x0a)
    expected.push(source.subarray(start, start + length), Buffer.of(0x0a))
  }

  assert.deepEqual(out.take(), Buffer.concat(expected))
})

test('appends from another source, then the first again, and from a part of a larger buffer', () => {
  const out = new OutputBuffer()
  const part = source.subarray(100, 200)

  out.appendBytes(source, 0, 5)
  out.appendBytes(part, 1, 6)
  out.appendBytes(source, 5, 10)

  const expected = Buffer.concat([source.subarray(0, 5), source.subarray(101, 106), source.subarray(5, 10)])
  assert.deepEqual(out.take(), expected)
})

test('keeps what was appended while it grows', () => {
  const out = new OutputBuffer()
  const rounds = 300 // 300 × 1,024 is more than four times the size it begins with

  for (let round = 0; round < rounds; round += 1) out.appendBytes(source, 0, source.length)
  out.appendBytes(source, 0, 3)

  const expected = Buffer.concat([...Array.from({ length: rounds }, () => source), source.subarray(0, 3)])
  assert.deepEqual(out.take(), expected)
})

test('does not touch what was taken', () => {
  const out = new OutputBuffer()
  out.appendText('first')

  const taken = out.take()
  out.appendText('other')

  assert.equal(taken.toString(), 'first')
  assert.equal(out.take().toString(), 'other')
})

test('hands over every piece whole when many are taken one after the other', () => {
  const out = new OutputBuffer()
  const taken: Buffer[] = []
  const lengths = [1, 700, 64, 1024, 129]

  for (let round = 0; round < 500; round += 1) {
    out.appendBytes(source, 0, lengths[round % lengths.length]!)
    taken.push(out.take())
  }

  const expected = taken.map((_, round) => source.subarray(0, lengths[round % lengths.length]))
  assert.deepEqual(Buffer.concat(taken), Buffer.concat(expected))
})

test('keeps no large buffer after a large message was taken', () => {
  const out = new OutputBuffer()
  const large = Buffer.alloc(1024 * 1024)

  out.appendBytes(large, 0, large.length)
  out.take()

  assert.ok(out.bytes.buffer.byteLength <= 64 * 1024)
})

test('fills what was given back again, and allocates nothing', () => {
  const out = new OutputBuffer()
  const memory = new Set<ArrayBufferLike>()

  for (let round = 0; round < 100; round += 1) {
    for (let count = 0; count < 60; count += 1) out.appendBytes(source, 0, source.length)
    const taken = out.take()
    memory.add(taken.buffer)
    out.giveBack(taken)
  }

  assert.ok(memory.size <= 2, `${memory.size} pieces of memory`)
})

test('does not touch what was taken while a part of the same memory was given back', () => {
  const out = new OutputBuffer()
  out.appendText('first')
  const first = out.take()
  out.appendText('second')
  const second = out.take()

  out.giveBack(first)
  out.appendText('third')

  assert.equal(second.toString(), 'second')
  assert.equal(out.take().toString(), 'third')
})

test('does not touch what was appended when what came before it is given back', () => {
  const out = new OutputBuffer()
  out.appendText('first')
  const first = out.take()
  out.appendText('second')

  out.giveBack(first)
  out.appendText(' and third')

  assert.equal(out.take().toString(), 'second and third')
})

test('keeps nothing of a large message that is given back', () => {
  const out = new OutputBuffer()
  out.appendBytes(Buffer.alloc(1024 * 1024), 0, 1024 * 1024)

  out.giveBack(out.take())
  out.appendText('small')

  assert.ok(out.take().buffer.byteLength <= 64 * 1024)
})
