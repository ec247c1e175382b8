import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Outbox } from '../../../src/connection/link/outbox.ts'
import { Publisher } from '../../../src/connection/publish/publisher.ts'
import { serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { QoS } from '../../../src/protocol/wire/packet.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'
import { connack } from '../../support/packets/packets.ts'

const payloadBytes = 1000
const payload = Buffer.alloc(payloadBytes, 'x')

/** Enough for every chunk to be used several times: 64 of these packets fill one. */
const messages = 500

function publisherOf(qos: QoS) {
  const settled: number[] = []
  const hooks = { ready: () => {}, settled: (ordinal: number) => settled.push(ordinal) }
  const publisher = new Publisher({ topic: 'a', qos, retain: false, properties: {} }, 1000, hooks)
  const transport = new FakeTransport()
  const outbox = new Outbox(transport)
  publisher.attach(outbox, 4, serverLimits(connack(), 4), false)
  return { publisher, outbox, transport }
}

/** PUBLISH to `a`; the number in the first two bytes of the payload. */
function packet(qos: QoS, number: number, bytes: number): Buffer {
  const identifier = qos === 0 ? [] : [(number + 1) >> 8, (number + 1) & 0xff]
  const remaining = 3 + identifier.length + bytes
  const head = [0x30 | (qos << 1), (remaining & 0x7f) | 0x80, remaining >> 7, 0, 1, 0x61, ...identifier]
  const body = Buffer.alloc(bytes, 'x')
  body.writeUInt16BE(number)
  return Buffer.concat([Buffer.from(head), body])
}

describe('messages that are like one another', () => {
  const shapes: ReadonlyArray<
    readonly [what: string, bytesOf: (n: number) => number, between: (n: number) => boolean]
  > = [
    ['of one size', () => payloadBytes, () => false],
    ['of several sizes', (n) => 800 + ((n * 37) % 200), () => false],
    ['with other packets between them', () => payloadBytes, (n) => n % 7 === 3],
  ]
  for (const qos of [0, 1] as const) {
    for (const [what, bytesOf, isPinged] of shapes) {
      test(`${what} reach the wire each with its own bytes, QoS ${qos}`, () => {
        const { publisher, outbox, transport } = publisherOf(qos)
        const expected: Buffer[] = []

        for (let n = 0; n < messages; n++) {
          if (isPinged(n)) {
            outbox.append(Buffer.from('c000', 'hex'))
            expected.push(Buffer.from('c000', 'hex'))
          }
          const at = publisher.publishLike(payload, bytesOf(n), n)
          publisher.bytes.writeUInt16BE(n, at)
          expected.push(packet(qos, n, bytesOf(n)))
          if (n % 10 === 9) publisher.flush()
          if (qos === 1 && n >= 20) publisher.acknowledged('puback', n - 19, 0)
        }
        publisher.flush()

        assert.equal(Buffer.compare(Buffer.concat(transport.writes), Buffer.concat(expected)), 0)
      })
    }
  }

  test('are not taken where the window is full', () => {
    const { publisher } = publisherOf(1)
    for (let n = 0; n < 1000; n++) publisher.publishLike(payload, 100, n)

    assert.equal(publisher.publishLike(payload, 100, 1000), -1)
  })
})
