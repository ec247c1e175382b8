import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Outbox } from '../../../src/connection/link/outbox.ts'
import { serverLimits } from '../../../src/protocol/session/server-limits.ts'
import type { ProtocolVersion, QoS } from '../../../src/protocol/wire/packet.ts'
import type { Violation } from '../../../src/protocol/wire/violation.ts'
import { FakeTransport } from '../../support/connection/fake-transport.ts'
import { attached, publishing } from '../../support/connection/publishing.ts'
import { connack } from '../../support/packets/packets.ts'

const first = '3206000161000178' // x under packet identifier 1
const second = '3206000161000279' // y under packet identifier 2

describe('publishing', () => {
  test('gathers messages, and sends them in order when they are flushed', () => {
    const { publisher, publish } = publishing()
    const transport = attached(publisher)

    const outcomes = [publish('x'), publish('y')]
    const before = transport.sent
    publisher.flush()

    assert.deepEqual([outcomes, before, transport.sent], [['taken', 'taken'], '', first + second])
    assert.equal(transport.writes.length, 1)
  })

  test('waits without a connection, and says when there is one', () => {
    const { publisher, publish, said } = publishing()

    const before = publish('x')
    attached(publisher)

    assert.deepEqual([before, said], ['wait', ['ready']])
  })

  test('waits while the kernel takes no more, and says when it does', () => {
    const { publisher, publish, said } = publishing()
    const transport = new FakeTransport()
    const outbox = new Outbox(transport)
    publisher.attach(outbox, 4, serverLimits(connack(), 4), false)
    transport.isFull = true
    publish('x')
    publisher.flush()

    const full = publish('y')
    outbox.congested = false
    publisher.drained()

    assert.deepEqual([full, said], ['wait', ['ready']])
  })

  test('goes to another topic from then on, with what is in flight as it was', () => {
    const { publisher, publish } = publishing()
    const transport = attached(publisher)

    publish('x')
    publisher.topic = 'b'
    publish('y')
    publisher.flush()

    assert.equal(transport.sent, `${first}3206000162000279`)
  })
})

describe('the window', () => {
  const bounds: ReadonlyArray<
    readonly [what: string, version: ProtocolVersion, own: number | undefined, server: object, size: number]
  > = [
    ['the server’s Receive Maximum', 5, undefined, { receiveMaximum: 3 }, 3],
    ['a Receive Maximum of 1', 5, undefined, { receiveMaximum: 1 }, 1],
    ['1000, where MQTT 5 allows 65,535', 5, undefined, {}, 1000],
    ['20 below MQTT 5', 4, undefined, {}, 20],
    ['our own bound', 5, 7, {}, 7],
    ['the smaller of both', 5, 7, { receiveMaximum: 5 }, 5],
    ['our own bound below MQTT 5, where nothing is announced', 4, 300, {}, 300],
  ]
  for (const [what, version, inflightMaximum, properties, size] of bounds) {
    test(`is ${what}: ${size} [MQTT-4.9.0-2]`, () => {
      const { publisher, publish } = publishing({ ...(inflightMaximum !== undefined && { inflightMaximum }) })
      attached(publisher, properties, false, version)
      let taken = 0

      while (publish('x') === 'taken') taken++

      assert.equal(taken, size)
    })
  }

  test('has room again with an acknowledgement, which is said at the end of the read', () => {
    const { publisher, publish, said } = publishing({ inflightMaximum: 1 })
    attached(publisher)
    publish('x', 1)
    publish('y', 2)

    publisher.acknowledged('puback', 1, 0)
    const before = [...said]
    publisher.readEnd()

    assert.deepEqual([before, said, publish('y', 2)], [['1 confirmed'], ['1 confirmed', 'ready'], 'taken'])
  })

  test('does not bind QoS 0', () => {
    const { publisher, publish } = publishing({ template: { qos: 0 }, inflightMaximum: 1 })
    attached(publisher)

    assert.deepEqual([publish('x'), publish('y'), publish('z')], ['taken', 'taken', 'taken'])
  })
})

describe('acknowledgements', () => {
  test('confirm by the caller’s number', () => {
    const { publisher, publish, said } = publishing()
    attached(publisher)
    publish('x', 41)
    publish('y', 42)

    publisher.acknowledged('puback', 2, 0)
    publisher.acknowledged('puback', 1, 0x10)

    assert.deepEqual(said, ['42 confirmed', '41 confirmed'])
  })

  test('at QoS 2 are PUBREC, answered with PUBREL, and PUBCOMP [MQTT-4.3.3-4]', () => {
    const { publisher, publish, said } = publishing({ template: { qos: 2 } })
    const transport = attached(publisher)
    publish('x', 1)
    publisher.flush()
    transport.takeSent()

    publisher.acknowledged('pubrec', 1, 0)
    publisher.readEnd()
    publisher.acknowledged('pubcomp', 1, 0)

    assert.deepEqual([transport.sent, said], ['62020001', ['1 confirmed']])
  })

  test('that refuse end the message: no PUBREL, nothing on the next connection [MQTT-4.4.0-2]', () => {
    const { publisher, publish, said } = publishing({ template: { qos: 2 } })
    const transport = attached(publisher)
    publish('x', 1)
    publisher.flush()
    transport.takeSent()

    publisher.acknowledged('pubrec', 1, 0x87)
    publisher.readEnd()
    publisher.detach()
    const next = attached(publisher, {}, true)

    assert.deepEqual([transport.sent, next.sent, said], ['', '', ['1 135']])
  })

  test('of the wrong type break the protocol, and settle nothing', () => {
    const { publisher, publish, said } = publishing()
    attached(publisher)
    publish('x', 1)

    const violation = publisher.acknowledged('pubcomp', 1, 0) as Violation

    assert.deepEqual([violation.rule, violation.reasonCode, said], ['[MQTT-3.1.1:2.3.1-6]', 0x82, []])
    assert.deepEqual(publisher.window.ordinals(), [1])
  })

  test('of nothing are told, and settle nothing', () => {
    const { publisher, said } = publishing()
    attached(publisher, {}, false, 5)

    const outcomes = [publisher.acknowledged('puback', 9, 0), publisher.acknowledged('pubrec', 9, 0)]

    assert.deepEqual([outcomes, said], [['unused', 'unused'], []])
  })
})

describe('after a reconnect', () => {
  /** x and y unacknowledged, x with PUBREC at QoS 2. */
  function interrupted(qos: QoS) {
    const parts = publishing({ template: { qos } })
    attached(parts.publisher)
    parts.publish('x', 1)
    parts.publish('y', 2)
    parts.publisher.flush()
    if (qos === 2) parts.publisher.acknowledged('pubrec', 1, 0)
    parts.publisher.readEnd()
    parts.publisher.detach()
    return parts
  }

  test('to a session that was kept, PUBLISH goes out again with DUP and the same identifier [MQTT-3.3.1-1]', () => {
    const { publisher } = interrupted(1)

    assert.equal(attached(publisher, {}, true).sent, '3a060001610001783a06000161000279')
  })

  test('to a session that was kept, PUBREL goes out where PUBREC had come [MQTT-4.4.0-1]', () => {
    const { publisher } = interrupted(2)

    assert.equal(attached(publisher, {}, true).sent, '620200013c06000161000279')
  })

  test('to a new session everything is published anew, without DUP, also where PUBREL was sent', () => {
    const { publisher } = interrupted(2)

    assert.equal(attached(publisher, {}, false).sent, '34060001610001783406000161000279')
  })

  test('DUP of one connection is not left in what is published anew on the next', () => {
    const { publisher } = interrupted(1)
    attached(publisher, {}, true)
    publisher.detach()

    assert.equal(attached(publisher, {}, false).sent, first + second)
  })

  test('no more goes out again than the new Receive Maximum allows; the rest follows acknowledgements', () => {
    const { publisher, publish, said } = interrupted(1)
    const transport = attached(publisher, { receiveMaximum: 1 }, true, 5)
    const sentFirst = transport.takeSent()

    const meanwhile = publish('z', 3)
    publisher.acknowledged('puback', 1, 0)
    publisher.readEnd()

    assert.deepEqual([sentFirst, meanwhile, transport.takeSent()], ['3a06000161000178', 'wait', '3a06000161000279'])
    publisher.acknowledged('puback', 2, 0)
    publisher.readEnd()
    assert.deepEqual(said, ['1 confirmed', '2 confirmed', 'ready'])
  })

  test('a message outlives the chunk that it was written in, and two connections', () => {
    const { publisher, publish, said } = publishing({ inflightMaximum: 400 })
    attached(publisher)
    const long = 'x'.repeat(1000)
    for (let ordinal = 1; ordinal <= 200; ordinal++) publish(`${long}${ordinal}`, ordinal)
    publisher.flush()
    publisher.detach()
    attached(publisher, {}, true)
    publisher.detach()

    const sent = Buffer.from(attached(publisher, {}, true).sent, 'hex')

    for (let ordinal = 1; ordinal <= 200; ordinal++) {
      const at = (ordinal - 1) * 1000
      assert.ok(sent.includes(`${long}${ordinal}`, at), `line ${ordinal}`)
      publisher.acknowledged('puback', ordinal, 0)
    }
    assert.equal(said.filter((line) => line.endsWith('confirmed')).length, 200)
  })
})

describe('a large payload that may be kept', () => {
  const payload = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => (index * 2_654_435_761) & 0xff))
  /** PUBLISH to `a` at QoS 1 under packet identifier 1, a Remaining Length of 2,000,005. */
  const header = (firstByte: string) => `${firstByte}85897a0001610001`

  test('goes out byte for byte behind its header, between what came before and after it', () => {
    const { publisher, publish } = publishing()
    const transport = attached(publisher)

    const taken = publisher.publish(payload, 0, payload.length, 1, true)
    publish('y')
    publisher.flush()

    assert.equal(taken, 'taken')
    assert.equal(transport.sent, header('32') + payload.toString('hex') + second)
  })

  test('is sent again with DUP where the session was kept [MQTT-3.3.1-1], and as a new publish where it was lost', () => {
    const { publisher } = publishing()
    attached(publisher)
    publisher.publish(payload, 0, payload.length, 1, true)

    const kept = attached(publisher, {}, true)
    const lost = attached(publisher, {}, false)

    assert.equal(kept.sent, header('3a') + payload.toString('hex'))
    assert.equal(lost.sent, header('32') + payload.toString('hex'))
  })

  test('that no packet can hold is not sent', () => {
    const { publisher } = publishing()
    const transport = attached(publisher)

    const outcome = publisher.publish(Buffer.alloc(268_435_451), 0, 268_435_451, 1, true) // five more than there may be

    assert.equal(outcome, 'tooLarge')
    assert.equal(transport.sent, '')
  })
})
