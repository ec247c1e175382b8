import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InspectedPacket } from '../../src/observation/inspected-packet.ts'
import { StreamReader } from '../../src/observation/stream-reader.ts'
import type { Sender } from '../../src/protocol/wire/packet.ts'
import { fromHex } from '../support/packets/hex.ts'

const connect = '10 0f 0004 4d515454 05 02 003c 00 0002 6331'
const connack = '20 03 00 00 00'
const badPublish = '36 05 0002 6162 00'

function collected(): { reader: StreamReader; packets: InspectedPacket[]; push: (from: Sender, hex: string) => void } {
  const packets: InspectedPacket[] = []
  const reader = new StreamReader((packet) => packets.push(packet))
  let at = 0
  const push = (direction: Sender, hex: string) => {
    at += 100
    reader.push({ direction, bytes: fromHex(hex), atMicroseconds: at, connection: 1 })
  }
  return { reader, packets, push }
}

test('gives the same packets whole, split at every byte, and joined', () => {
  const stream = fromHex(`${connack} ${badPublish} d0 00`)
  for (let cut = 1; cut < stream.length; cut++) {
    const { reader, packets } = collected()
    reader.opened(1)
    for (const bytes of [stream.subarray(0, cut), stream.subarray(cut)]) {
      reader.push({ direction: 'server', bytes, atMicroseconds: 0, connection: 1 })
    }

    assert.deepEqual(
      packets.map(({ wire, streamOffset }) => [wire.toString('hex'), streamOffset]),
      [
        ['2003000000', 0],
        ['36050002616200', 5],
        ['d000', 12],
      ],
      `cut at ${cut}`,
    )
  }
})

test('goes on after a bad packet, and counts times and offsets per direction', () => {
  const { reader, packets, push } = collected()
  reader.opened(1)
  push('client', connect)
  push('server', `${connack} ${badPublish}`)
  push('server', 'd000')

  assert.deepEqual(
    packets.map(({ sender, streamOffset, atMicroseconds, violations }) => [
      sender,
      streamOffset,
      atMicroseconds,
      violations.length > 0,
    ]),
    [
      ['client', 0, 100, false],
      ['server', 0, 200, false],
      ['server', 5, 200, true],
      ['server', 12, 300, false],
    ],
  )
})

test('shows all that it has of bytes that are no frame, however they were cut', () => {
  const stream = fromHex('d000 30 ff ff ff ff 48 54')
  for (let cut = 1; cut < stream.length; cut++) {
    const { reader, packets } = collected()
    reader.opened(1)
    reader.push({ direction: 'server', bytes: stream.subarray(0, cut), atMicroseconds: 0, connection: 1 })
    reader.push({ direction: 'server', bytes: stream.subarray(cut), atMicroseconds: 0, connection: 1 })

    assert.equal(packets.length, 2, `cut at ${cut}`)
    assert.ok(
      packets[1]?.wire.toString('hex').startsWith('30ffffffff'),
      `cut at ${cut}: ${packets[1]?.wire.toString('hex')}`,
    )
    assert.match(packets[1]?.violation?.message ?? '', /fifth byte/)
  }
})

test('tells of a packet whose end never came, when the connection ends', () => {
  const { reader, packets, push } = collected()
  reader.opened(1)
  push('server', `${connack} 30 0a 0003 61`)
  reader.ended(500)

  assert.equal(packets.length, 2)
  assert.equal(packets[1]?.wire.toString('hex'), '300a000361')
  assert.equal(packets[1]?.violation?.packet, 'publish')
})

test('goes on with the same client over another connection', () => {
  const { reader, packets, push } = collected()
  reader.opened(1)
  push('client', `${connect} 32 07 0002 6162 0001 00`)
  reader.ended(300)
  reader.opened(7)
  push('client', connect)

  assert.deepEqual(
    packets.map(({ connection }) => connection),
    [1, 1, 7],
  )
  assert.equal(reader.conversation?.client.inFlight.size, 1)
})
