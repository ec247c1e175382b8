import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import type { ProtocolVersion, Publish } from '../../../src/protocol/wire/packet.ts'
import { PublishEncoder } from '../../../src/protocol/wire/publish-encoder.ts'
import { arbitraryPacketFrom } from '../../support/packets/arbitrary-packet.ts'

const versions: readonly ProtocolVersion[] = [3, 4, 5]

/** As the data plane does it: into the middle of a buffer, from the middle of another. */
function encoded(packet: Publish, version: ProtocolVersion): Buffer {
  const { topic, qos, retain, properties, payload, packetId = 0 } = packet
  const encoder = new PublishEncoder({ topic, qos, retain, properties }, version)
  const bytes = encoder.packetBytes(payload.length)
  const out = Buffer.alloc(bytes + 10, 0xee)
  const source = Buffer.concat([Buffer.from('before'), payload, Buffer.from('after')])
  const end = encoder.encode(out, 5, packetId, source, 6, 6 + payload.length)
  assert.equal(end, 5 + bytes)
  assert.deepEqual([out.subarray(0, 5), out.subarray(end)], [Buffer.alloc(5, 0xee), Buffer.alloc(5, 0xee)])
  return out.subarray(5, end)
}

describe('the encoder of like publishes', () => {
  test('writes what the strict encoder writes, for every generated publish that is no second attempt', () => {
    for (const version of versions) {
      const publishes = arbitraryPacketFrom('client', version).filter(({ type }) => type === 'publish')
      fc.assert(
        fc.property(publishes, (packet) => {
          const publish = { ...(packet as Publish), dup: false }
          assert.deepEqual(encoded(publish, version), encodePacket(publish, version))
        }),
        { numRuns: 200 },
      )
    }
  })

  // 1 byte of QoS 0 topic is 3 bytes of header: the lengths at which Remaining Length takes a byte more [MQTT-1.5.5-1].
  for (const payloadBytes of [0, 47, 48, 49, 124, 125, 16_380, 16_381, 2_097_148, 2_097_149]) {
    test(`writes the length of a payload of ${payloadBytes} bytes in as few bytes as it takes [MQTT-1.5.5-1]`, () => {
      const payload = Buffer.alloc(payloadBytes, 0x61)
      const publish: Publish = {
        type: 'publish',
        topic: 'a',
        payload,
        qos: 0,
        retain: true,
        dup: false,
        properties: {},
      }

      assert.deepEqual(encoded(publish, 4), encodePacket(publish, 4))
    })
  }

  test('writes these bytes', () => {
    const common = { type: 'publish', topic: 'a/b', payload: Buffer.from('xyz'), dup: false } as const

    const at4 = encoded({ ...common, qos: 0, retain: true, properties: {} }, 4)
    const properties = { contentType: 't' }
    const at5 = encoded({ ...common, qos: 2, retain: false, packetId: 0x1234, properties }, 5)

    assert.equal(at4.toString('hex'), '31080003612f6278797a')
    assert.equal(at5.toString('hex'), '340f0003612f621234040300017478797a')
  })

  test('can be used for one message after another: nothing of the one stays in the next', () => {
    const encoder = new PublishEncoder({ topic: 'a', qos: 1, retain: false, properties: {} }, 4)
    const out = Buffer.alloc(64)

    const first = encoder.encode(out, 0, 0xffff, Buffer.from('long payload'), 0, 12)
    const second = encoder.encode(out, first, 1, Buffer.from('x'), 0, 1)

    assert.equal(out.toString('hex', first, second), '3206000161000178')
  })

  test('gives the value of a user property in place, and what is written over it is sent from then on', () => {
    const userProperties = [
      ['b', 'xx'],
      ['b', 'ab'],
    ] as const
    const encoder = new PublishEncoder({ topic: 'b', qos: 0, retain: false, properties: { userProperties } }, 5)
    const out = Buffer.alloc(64)

    encoder.userPropertyValue('b')?.write('yz')
    const end = encoder.encode(out, 0, 0, Buffer.from('p'), 0, 1)

    assert.equal(
      out.toString('hex', 0, end),
      '3015' + '000162' + '10' + '26000162' + '00027878' + '26000162' + '0002797a' + '70',
    )
    assert.equal(encoder.userPropertyValue('a'), undefined)
  })

  test('has no user property below MQTT 5', () => {
    const template = {
      topic: 'b',
      qos: 0,
      retain: false,
      properties: { userProperties: [['b', 'xx']] as const },
    } as const

    assert.equal(new PublishEncoder(template, 4).userPropertyValue('b'), undefined)
  })
})
