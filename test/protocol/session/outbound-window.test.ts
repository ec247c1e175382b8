import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OutboundWindow, Outcome } from '../../../src/protocol/session/outbound-window.ts'

/** A window of 100 identifiers with so many messages of this QoS begun, numbered from 1. */
function windowWith(count: number, qos: 1 | 2, limit = 100): OutboundWindow {
  const window = new OutboundWindow(100, limit)
  for (let ordinal = 1; ordinal <= count; ordinal++) window.begin(qos, ordinal)
  return window
}

describe('packet identifiers', () => {
  test('begin at 1 and are not 0 [MQTT-2.2.1-3]', () => {
    const window = new OutboundWindow(100, 100)

    const ids = [window.begin(1, 0), window.begin(2, 0), window.begin(1, 0)]

    assert.deepEqual(ids, [1, 2, 3])
  })

  test('are not taken while in use, also after all have been used once [MQTT-2.2.1-3]', () => {
    const window = new OutboundWindow(3, 3)
    window.begin(1, 10)
    window.begin(1, 11)
    window.begin(1, 12)
    window.puback(2, 0)

    const id = window.begin(1, 13)

    assert.equal(id, 2)
    assert.deepEqual(window.ordinals(), [10, 12, 13])
  })

  test('are those of the range only: what lies above belongs to others', () => {
    const window = new OutboundWindow(3, 3)
    const ids: number[] = []

    for (let round = 0; round < 7; round++) {
      const id = window.begin(1, round)
      ids.push(id)
      window.puback(id, 0)
    }

    assert.deepEqual(ids, [1, 2, 3, 1, 2, 3, 1])
  })
})

describe('the send quota', () => {
  test('is full at the limit, and has room with each PUBACK [MQTT-4.9.0-1] [MQTT-4.9.0-2]', () => {
    const window = windowWith(2, 1, 2)

    const before = window.isFull
    window.puback(1, 0)

    assert.deepEqual([before, window.isFull, window.size], [true, false, 1])
  })

  test('has room with PUBCOMP at QoS 2, not with PUBREC [MQTT-4.9.0-1]', () => {
    const window = windowWith(1, 2, 1)

    window.pubrec(1, 0)
    const afterPubrec = window.isFull
    window.pubcomp(1)

    assert.deepEqual([afterPubrec, window.isFull], [true, false])
  })

  test('has room with a PUBREC that refuses [MQTT-4.9.0-1]', () => {
    const window = windowWith(1, 2, 1)

    window.pubrec(1, 0x97)

    assert.equal(window.isFull, false)
  })

  test('does not grow by an acknowledgement that was not due [MQTT5 §4.9]', () => {
    const window = windowWith(1, 1, 1)

    window.puback(1, 0)
    window.puback(1, 0)
    window.begin(1, 2)

    assert.deepEqual([window.size, window.isFull], [1, true])
  })

  test('may shrink below what is in flight, which stays in flight', () => {
    const window = windowWith(5, 1)

    window.limit = 2

    assert.deepEqual([window.size, window.limit, window.isFull], [5, 2, true])
  })

  test('is never above the number of identifiers', () => {
    const window = new OutboundWindow(3, 65_535)
    window.limit = 65_535

    assert.equal(window.limit, 3)
  })
})

describe('an acknowledgement', () => {
  type Act = (window: OutboundWindow) => Outcome
  const rows: ReadonlyArray<readonly [what: string, qos: 1 | 2, before: readonly Act[], act: Act, outcome: Outcome]> = [
    ['PUBACK confirms QoS 1 [MQTT-4.3.2-3]', 1, [], (w) => w.puback(1, 0), Outcome.confirmed],
    ['PUBACK 0x10 confirms too', 1, [], (w) => w.puback(1, 0x10), Outcome.confirmed],
    ['PUBACK 0x80 refuses [MQTT-4.4.0-2]', 1, [], (w) => w.puback(1, 0x80), Outcome.refused],
    ['PUBREC releases QoS 2 [MQTT-4.3.3-4]', 2, [], (w) => w.pubrec(1, 0), Outcome.release],
    ['PUBREC 0x10 releases too', 2, [], (w) => w.pubrec(1, 0x10), Outcome.release],
    ['PUBREC 0x80 refuses [MQTT-4.4.0-2]', 2, [], (w) => w.pubrec(1, 0x80), Outcome.refused],
    ['PUBREC twice releases twice', 2, [(w) => w.pubrec(1, 0)], (w) => w.pubrec(1, 0), Outcome.release],
    ['PUBCOMP confirms QoS 2', 2, [(w) => w.pubrec(1, 0)], (w) => w.pubcomp(1), Outcome.confirmed],
    ['PUBREC for QoS 1 is wrong [MQTT-2.2.1-5]', 1, [], (w) => w.pubrec(1, 0), Outcome.wrongType],
    ['PUBCOMP for QoS 1 is wrong [MQTT-2.2.1-5]', 1, [], (w) => w.pubcomp(1), Outcome.wrongType],
    ['PUBACK for QoS 2 is wrong [MQTT-2.2.1-5]', 2, [], (w) => w.puback(1, 0), Outcome.wrongType],
    ['PUBCOMP before PUBREC is wrong [MQTT-2.2.1-5]', 2, [], (w) => w.pubcomp(1), Outcome.wrongType],
    ['PUBACK after PUBREC is wrong', 2, [(w) => w.pubrec(1, 0)], (w) => w.puback(1, 0), Outcome.wrongType],
    ['PUBACK twice is unknown', 1, [(w) => w.puback(1, 0)], (w) => w.puback(1, 0), Outcome.unknown],
    ['PUBACK of nothing is unknown', 1, [], (w) => w.puback(2, 0), Outcome.unknown],
    ['PUBREC of nothing is unknown', 1, [], (w) => w.pubrec(99, 0), Outcome.unknown],
    ['PUBCOMP of nothing is unknown', 1, [], (w) => w.pubcomp(100), Outcome.unknown],
    ['an identifier outside our range is unknown', 1, [], (w) => w.puback(65_535, 0), Outcome.unknown],
  ]
  for (const [what, qos, before, act, outcome] of rows) {
    test(what, () => {
      const window = windowWith(1, qos)
      for (const step of before) step(window)

      assert.equal(act(window), outcome)
    })
  }

  test('of the wrong type leaves the message in flight', () => {
    const window = windowWith(1, 1)

    window.pubrec(1, 0)

    assert.deepEqual(window.ordinals(), [1])
  })
})

describe('a resumed session', () => {
  test('owes PUBLISH where nothing came back, PUBREL where PUBREC had come, in the first order [MQTT-4.4.0-1]', () => {
    const window = windowWith(4, 2)
    window.pubrec(3, 0)
    window.pubrec(1, 0)
    window.pubcomp(1)

    assert.deepEqual(window.pending(), [
      { packetId: 2, send: 'publish' },
      { packetId: 3, send: 'pubrel' }, // never PUBLISH again [MQTT-4.3.3-6]
      { packetId: 4, send: 'publish' },
    ])
  })

  test('keeps the order of sending when identifiers have come round [MQTT-4.6.0-1]', () => {
    const window = new OutboundWindow(3, 3)
    for (const ordinal of [1, 2, 3]) window.begin(1, ordinal)
    window.puback(1, 0)
    window.puback(2, 0)
    window.begin(1, 4)

    const ids = window.pending().map(({ packetId }) => packetId)

    assert.deepEqual(
      [ids, window.ordinals()],
      [
        [3, 1],
        [3, 4],
      ],
    )
  })

  test('does not bring back what was refused [MQTT-4.4.0-2]', () => {
    const window = windowWith(2, 2)
    window.pubrec(1, 0x87)

    assert.deepEqual(
      window.pending().map(({ packetId }) => packetId),
      [2],
    )
  })
})

describe('a lost session', () => {
  test('makes every message a new publish, also where PUBREL was sent, in order [MQTT-3.2.2-5]', () => {
    const window = windowWith(3, 2)
    window.pubrec(1, 0)

    const ids = window.startOver(2)

    assert.deepEqual(ids, [1, 2, 3])
    assert.equal(window.pubcomp(1), Outcome.wrongType) // the handshake begins again
    assert.equal(window.pubrec(1, 0), Outcome.release)
  })

  test('keeps the caller’s numbers and the count in flight', () => {
    const window = windowWith(3, 1)

    window.startOver(1)

    assert.deepEqual([window.ordinals(), window.size], [[1, 2, 3], 3])
  })
})
