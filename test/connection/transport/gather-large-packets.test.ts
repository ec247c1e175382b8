import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatherLargePackets } from '../../../src/connection/transport/gather-large-packets.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'

const payload = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => (index * 2_654_435_761) & 0xff))
/** PUBLISH to `a`, a Remaining Length of 2,000,003. */
const large = Buffer.concat([Buffer.from('3083897a000161', 'hex'), payload])
const small = Buffer.from('d00030050001616868', 'hex')

/** What passes when the stream comes in pieces of this size; chunks without bytes are left out. */
function passed(stream: Buffer, pieceBytes: number, maximumPacketSize?: number): Buffer[] {
  const inner = new FakeTransport()
  const transport = gatherLargePackets(inner, 5, maximumPacketSize)
  const chunks: Buffer[] = []
  const readBuffer = Buffer.alloc(pieceBytes)
  transport.onBytes = (bytes) => {
    if (bytes.length > 0) chunks.push(bytes.length > 65_536 ? bytes : Buffer.from(bytes))
  }
  for (let at = 0; at < stream.length; at += pieceBytes) {
    const count = stream.copy(readBuffer, 0, at, at + pieceBytes)
    inner.onBytes(readBuffer.subarray(0, count))
  }
  return chunks
}

for (const pieceBytes of [7, 1000, 65_535, 65_536]) {
  test(`a large packet in pieces of ${pieceBytes} bytes is passed on whole, everything else beside it`, () => {
    const stream = Buffer.concat([small, large, small, large, large, small])

    const chunks = passed(stream, pieceBytes)

    assert.equal(Buffer.compare(Buffer.concat(chunks), stream), 0)
    const wholes = chunks.filter((chunk) => Buffer.compare(chunk, large) === 0)
    assert.equal(wholes.length, 3)
  })
}

test('meanwhile every thousand bytes are heard of, without bytes: a drip is no sign of life', () => {
  const inner = new FakeTransport()
  const transport = gatherLargePackets(inner, 5)
  const sizes: number[] = []
  transport.onBytes = (bytes) => sizes.push(bytes.length)

  for (let at = 0; at < 999; at++) inner.onBytes(large.subarray(at, at + 1))
  const whileDripping = [...sizes]
  inner.onBytes(large.subarray(999, 1000))
  inner.onBytes(large.subarray(1000, 2000))
  inner.onBytes(large.subarray(2000))

  assert.deepEqual([whileDripping, sizes], [[], [0, 0, large.length]])
})

test('a packet above the maximum passes as it comes, to be refused at its header', () => {
  assert.deepEqual(
    passed(large, 1_000_000, 1_500_000).map(({ length }) => length),
    [1_000_000, 1_000_000, 7],
  )
})

test('a byte that begins no packet passes at once', () => {
  for (const [version, hex] of [
    [5, '00'],
    [4, 'f0'],
  ] as const) {
    const inner = new FakeTransport()
    const transport = gatherLargePackets(inner, version)
    const passed: string[] = []
    transport.onBytes = (bytes) => passed.push(bytes.toString('hex'))

    inner.onBytes(Buffer.from(hex, 'hex'))

    assert.deepEqual(passed, [hex])
  }
})

test('what is no packet passes as it comes, once that is plain', () => {
  const foreign = Buffer.concat([Buffer.from('3fffffffffff', 'hex'), Buffer.alloc(100, '3')])

  const chunks = passed(foreign, 3)

  assert.deepEqual(Buffer.concat(chunks), foreign)
  assert.deepEqual(
    chunks.slice(0, 3).map(({ length }) => length),
    [6, 3, 3],
  )
})

for (const end of ['end', 'destroy', 'reset'] as const) {
  test(`what has come of a packet is passed on when we ${end} the connection, once`, () => {
    const inner = new FakeTransport()
    const transport = gatherLargePackets(inner, 5)
    const told: number[] = []
    transport.onBytes = (bytes) => told.push(bytes.length)
    transport.onClose = () => {}

    inner.onBytes(Buffer.from('20', 'hex'))
    transport[end]()
    transport.destroy()
    inner.onClose(undefined)

    assert.deepEqual(told, [1])
  })
}

test('what has come of a packet is passed on before the end of the connection is told', () => {
  const inner = new FakeTransport()
  const transport = gatherLargePackets(inner, 5)
  const told: (number | string)[] = []
  transport.onBytes = (bytes) => told.push(bytes.length)
  transport.onClose = () => told.push('closed')

  inner.onBytes(large.subarray(0, 3))
  inner.onBytes(large.subarray(3, 100_000))
  inner.onClose(undefined)

  assert.deepEqual(told.slice(-2), [100_000, 'closed'])
})
