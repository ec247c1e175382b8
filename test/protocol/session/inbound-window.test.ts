import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Arrival, InboundWindow } from '../../../src/protocol/session/inbound-window.ts'

describe('QoS 1', () => {
  test('is delivered each time, under the same identifier too: it is a new message [MQTT-4.3.2-5]', () => {
    const window = new InboundWindow(10)

    const arrivals = [window.publish(1, 7), window.publish(1, 7)]

    assert.deepEqual(arrivals, [Arrival.deliver, Arrival.deliver])
    assert.equal(window.size, 1)
  })

  test('counts until PUBACK goes out', () => {
    const window = new InboundWindow(10)
    window.publish(1, 7)

    window.acknowledged(7)

    assert.equal(window.size, 0)
  })
})

describe('QoS 2', () => {
  test('is delivered once until PUBREL, before and after PUBREC [MQTT-4.3.3-10]', () => {
    const window = new InboundWindow(10)

    const first = window.publish(2, 7)
    const before = window.publish(2, 7)
    window.received(7)
    const after = window.publish(2, 7)

    assert.deepEqual([first, before, after], [Arrival.deliver, Arrival.duplicate, Arrival.duplicate])
    assert.equal(window.size, 1)
  })

  test('is a new message after PUBREL [MQTT-4.3.3-12]', () => {
    const window = new InboundWindow(10)
    window.publish(2, 7)
    window.received(7)

    const known = window.release(7)

    assert.equal(known, true)
    assert.equal(window.publish(2, 7), Arrival.deliver)
  })

  test('is known to PUBREL once: the second one names nothing', () => {
    const window = new InboundWindow(10)
    window.publish(2, 7)

    assert.deepEqual([window.release(7), window.release(7), window.release(8)], [true, false, false])
    assert.equal(window.size, 0)
  })

  test('is not ended by what ends QoS 1, nor the reverse', () => {
    const window = new InboundWindow(10)
    window.publish(2, 1)
    window.publish(1, 2)

    window.acknowledged(1)
    window.received(2)

    assert.deepEqual([window.release(1), window.release(2), window.size], [true, false, 1])
  })
})

describe('our Receive Maximum', () => {
  test('is exceeded by one message more, of either QoS [MQTT-3.3.4-9]', () => {
    const window = new InboundWindow(2)
    window.publish(1, 1)
    window.publish(2, 2)

    assert.deepEqual([window.publish(1, 3), window.publish(2, 4)], [Arrival.overLimit, Arrival.overLimit])
  })

  test('is not exceeded by a duplicate, which counts already', () => {
    const window = new InboundWindow(1)
    window.publish(2, 1)

    assert.equal(window.publish(2, 1), Arrival.duplicate)
  })

  test('counts a QoS 2 message until PUBCOMP, which PUBREL asks for', () => {
    const window = new InboundWindow(1)
    window.publish(2, 1)
    window.received(1)
    const before = window.publish(1, 2)
    window.release(1)

    assert.deepEqual([before, window.publish(1, 2)], [Arrival.overLimit, Arrival.deliver])
  })
})

describe('after a connection was lost', () => {
  test('QoS 1 that was not acknowledged comes again as a new message [MQTT-4.3.2-5]', () => {
    const window = new InboundWindow(10)
    window.publish(1, 7)

    window.connectionLost()

    assert.equal(window.publish(1, 7), Arrival.deliver)
  })

  test('QoS 2 stays known, whether PUBREC had gone out or not [MQTT-4.3.3-10]', () => {
    const window = new InboundWindow(10)
    window.publish(2, 7)
    window.publish(2, 8)
    window.received(8)

    window.connectionLost()

    assert.deepEqual([window.publish(2, 7), window.publish(2, 8)], [Arrival.duplicate, Arrival.duplicate])
    assert.deepEqual([window.release(7), window.release(8), window.size], [true, true, 0])
  })

  test('the quota is whole again, and PUBREL of before does not enlarge it [MQTT5 §4.9]', () => {
    const window = new InboundWindow(1)
    window.publish(2, 7)
    window.received(7)

    window.connectionLost()
    const fresh = window.publish(2, 8)
    const known = window.release(7)
    const oneMore = window.publish(1, 9)

    assert.deepEqual([fresh, known, oneMore], [Arrival.deliver, true, Arrival.overLimit])
  })

  test('a PUBLISH that comes again counts from there on', () => {
    const window = new InboundWindow(1)
    window.publish(2, 7)
    window.connectionLost()

    const again = window.publish(2, 7)

    assert.deepEqual([again, window.publish(1, 8), window.size], [Arrival.duplicate, Arrival.overLimit, 1])
  })
})

test('after the session was lost nothing is known [MQTT-3.2.2-5]', () => {
  const window = new InboundWindow(2)
  window.publish(1, 1)
  window.publish(2, 2)

  window.sessionLost()

  assert.equal(window.size, 0)
  assert.deepEqual([window.publish(2, 2), window.publish(1, 1)], [Arrival.deliver, Arrival.deliver])
  assert.equal(window.release(3), false)
})
