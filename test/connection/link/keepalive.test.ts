import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { Keepalive } from '../../../src/connection/link/keepalive.ts'

/** A keep alive over a clock that the test moves; `said` has what it did, with the time. */
function keeping(t: TestContext, seconds: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let nowMs = 0
  const said: string[] = []
  const peer = {
    sendPing: () => said.push(`ping at ${nowMs}`),
    fellSilent: (silentMs: number) => said.push(`dead at ${nowMs} after ${silentMs}`),
  }
  const keepalive = new Keepalive(seconds, peer, () => nowMs)
  t.after(() => keepalive.stop())
  /** Time passes in steps as small as the finest thing to see. */
  const pass = (ms: number, each: () => void = () => {}) => {
    for (let step = 0; step < ms; step += 100) {
      nowMs += 100
      t.mock.timers.tick(100)
      each()
    }
  }
  return { keepalive, said, pass, now: () => nowMs }
}

describe('PINGREQ', () => {
  test('goes out when nothing was sent or received for the keep alive [MQTT-3.1.2-20]', (t) => {
    const { said, pass } = keeping(t, 10)

    pass(9900)
    const before = [...said]
    pass(100)

    assert.deepEqual([before, said], [[], ['ping at 10000']])
  })

  test('does not go out while both directions are busy', (t) => {
    const { keepalive, said, pass, now } = keeping(t, 10)

    pass(60_000, () => {
      keepalive.sent()
      keepalive.received(now())
    })

    assert.deepEqual(said, [])
  })

  test('goes out when we send and nothing comes back: a half-open connection looks like that', (t) => {
    const { keepalive, said, pass } = keeping(t, 10)

    pass(10_000, () => keepalive.sent())

    assert.deepEqual(said, ['ping at 10000'])
  })

  test('goes out when bytes drip in that complete no packet, and the end comes in its time', (t) => {
    const { keepalive, said, pass, now } = keeping(t, 10)

    pass(16_000, () => keepalive.receivedPart(1, now()))

    assert.deepEqual(said, ['ping at 10000', 'dead at 16000 after 16000'])
  })

  test('is as good as answered by much of a packet that takes longer than the keep alive', (t) => {
    const { keepalive, said, pass, now } = keeping(t, 10)

    pass(60_000, () => {
      keepalive.sent()
      keepalive.receivedPart(1000, now())
    })

    assert.deepEqual(said, [])
  })

  test('goes out when much comes in and we send nothing [MQTT-3.1.2-20]', (t) => {
    const { keepalive, said, pass, now } = keeping(t, 10)

    pass(20_000, () => keepalive.received(now()))

    assert.deepEqual(said, ['ping at 10000', 'ping at 20000'])
  })

  test('never goes out at a keep alive of 0 [MQTT5 §3.1.2.10]', (t) => {
    const { said, pass } = keeping(t, 0)

    pass(200_000)

    assert.deepEqual(said, [])
  })

  test('does not go out once it was stopped', (t) => {
    const { keepalive, said, pass } = keeping(t, 1)

    keepalive.stop()
    pass(10_000)

    assert.deepEqual(said, [])
  })
})

describe('a silent peer', () => {
  test('fault 7: is given up within one and a half keep alives and a second [MQTT5 §3.1.2.10]', (t) => {
    const { said, pass } = keeping(t, 10)

    pass(30_000)

    assert.deepEqual(said, ['ping at 10000', 'dead at 16000 after 16000'])
  })

  test('is given up once, and nothing is sent to it afterwards', (t) => {
    const { said, pass } = keeping(t, 2)

    pass(60_000)

    assert.equal(said.filter((line) => line.startsWith('dead')).length, 1)
    assert.match(said.at(-1) ?? '', /^dead/)
  })

  test('is alive with any byte, not with PINGRESP only', (t) => {
    const { keepalive, said, pass, now } = keeping(t, 10)
    pass(15_000)

    keepalive.received(now())
    pass(10_000)

    assert.deepEqual(said, ['ping at 10000', 'ping at 20000'])
  })

  test('is given up while we go on sending', (t) => {
    const { keepalive, said, pass } = keeping(t, 10)

    pass(16_000, () => keepalive.sent())

    assert.deepEqual(said, ['ping at 10000', 'dead at 16000 after 16000'])
  })
})

describe('while we do not read', () => {
  test('fault 30: pings go on, and the silence is ours', (t) => {
    const { keepalive, said, pass } = keeping(t, 10)
    keepalive.reading(false)

    pass(60_000)

    assert.deepEqual(
      said,
      [10, 20, 30, 40, 50, 60].map((second) => `ping at ${second}000`),
    )
  })

  test('the deadline begins when we read again', (t) => {
    const { keepalive, said, pass } = keeping(t, 10)
    keepalive.reading(false)
    pass(55_000)

    keepalive.reading(true)
    pass(5900)
    const before = said.filter((line) => line.startsWith('dead'))
    pass(5000)

    assert.deepEqual(before, [])
    assert.equal(said.filter((line) => line.startsWith('dead')).length, 1)
  })

  test('a byte after that keeps the peer alive', (t) => {
    const { keepalive, said, pass, now } = keeping(t, 10)
    keepalive.reading(false)
    pass(55_000)

    keepalive.reading(true)
    pass(100, () => keepalive.received(now()))
    pass(9000)

    assert.equal(said.filter((line) => line.startsWith('dead')).length, 0)
  })
})
