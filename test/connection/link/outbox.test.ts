import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Outbox } from '../../../src/connection/link/outbox.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'

const chunkBytes = 64 * 1024

function outboxOn(transport = new FakeTransport()) {
  return { transport, outbox: new Outbox(transport) }
}

describe('the outbox', () => {
  test('holds no memory for an idle connection, which writes CONNECT and pings', () => {
    const { outbox } = outboxOn()

    outbox.send(Buffer.from('c000', 'hex'))

    assert.equal(outbox.chunk.bytes.length, 0)
  })

  test('gathers packets into one write', () => {
    const { transport, outbox } = outboxOn()

    outbox.append(Buffer.from('c000', 'hex'))
    outbox.appendAcknowledgement(0x40, 0x1234)
    outbox.flush()

    assert.deepEqual(
      transport.writes.map((write) => write.toString('hex')),
      ['c00040021234'],
    )
  })

  test('writes nothing twice, and nothing when there is nothing', () => {
    const { transport, outbox } = outboxOn()
    outbox.append(Buffer.from('a'))

    outbox.flush()
    outbox.flush()
    outbox.append(Buffer.from('b'))
    outbox.flush()

    assert.deepEqual(transport.writes.map(String), ['a', 'b'])
  })

  test('writes at packet boundaries when a chunk is full: no packet is cut in two', () => {
    const { transport, outbox } = outboxOn()
    const packet = Buffer.alloc(1000, 0x61)

    for (let count = 0; count < 100; count++) outbox.append(packet)
    outbox.flush()

    assert.ok(transport.writes.length > 1)
    for (const write of transport.writes) assert.equal(write.length % packet.length, 0)
    assert.equal(Buffer.concat(transport.writes).length, 100 * packet.length)
  })

  test('takes a packet that is larger than a chunk', () => {
    const { transport, outbox } = outboxOn()
    const packet = Buffer.alloc(chunkBytes * 3, 0x62)

    outbox.append(Buffer.from('a'))
    outbox.append(packet)
    outbox.append(Buffer.from('c'))
    outbox.flush()

    assert.deepEqual(Buffer.concat(transport.writes), Buffer.concat([Buffer.from('a'), packet, Buffer.from('c')]))
  })

  test('does not fill a chunk again that a slow kernel has not taken, or that an unacknowledged message lies in', () => {
    const { transport, outbox } = outboxOn()
    transport.isSlow = true
    outbox.reserve(chunkBytes) // past the small first chunk, which is not used again
    const first = outbox.chunk
    outbox.append(Buffer.alloc(chunkBytes, 0x61))
    first.holders++ // the message is kept
    outbox.flush()
    const second = outbox.chunk

    transport.takeWrites()
    outbox.append(Buffer.alloc(chunkBytes, 0x62))
    outbox.flush()
    const third = outbox.chunk
    outbox.release(first) // it was acknowledged
    outbox.append(Buffer.alloc(chunkBytes, 0x63))
    outbox.flush()

    assert.notEqual(second, first)
    assert.notEqual(third, first)
    assert.equal(outbox.chunk, first) // used again now
  })

  test('does not change bytes under a write that the kernel has not taken', () => {
    const { transport, outbox } = outboxOn()
    const seen: Buffer[] = []
    transport.isSlow = true
    transport.write = (bytes) => {
      seen.push(bytes)
      return true
    }

    outbox.append(Buffer.from('first'))
    outbox.flush()
    for (let count = 0; count < 200; count++) {
      outbox.append(Buffer.alloc(1000, 0x78))
      outbox.flush()
    }

    assert.equal(String(seen[0]), 'first')
  })

  test('says that the kernel takes no more, and that something was written', () => {
    const { transport, outbox } = outboxOn()
    let writes = 0
    outbox.listener = { sent: () => writes++ }
    transport.isFull = true

    outbox.append(Buffer.from('a'))
    outbox.flush()

    assert.deepEqual([outbox.congested, writes], [true, 1])
  })
})
