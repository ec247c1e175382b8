import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { Keepalive } from '../../../src/connection/link/keepalive.ts'

/** A keep alive over a clock that the test moves; `said` has what it did, with the time. */
function keeping(t: TestContext, seconds: number) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let nowMs = 0
  const said: string[] = []
  const peer = {
    leftBytes: 0,
    arrivedBytes: 0,
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
  return { keepalive, said, pass, peer, now: () => nowMs }
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
      keepalive.sent(2)
      keepalive.received(now())
    })

    assert.deepEqual(said, [])
  })

  test('goes out when we send and nothing comes back: a half-open connection looks like that', (t) => {
    const { keepalive, said, pass } = keeping(t, 10)

    pass(10_000, () => keepalive.sent(2))

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
      keepalive.sent(2)
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

    pass(16_000, () => keepalive.sent(2))

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

describe('a large message on a slow line', () => {
  const written = 3_000_000

  test('fault 54: holds the deadline off while bytes leave', (t) => {
    const { keepalive, said, pass, peer } = keeping(t, 10)
    keepalive.sent(written)

    pass(107_000, () => {
      peer.leftBytes += 2800
    })

    assert.deepEqual(
      said.filter((line) => line.startsWith('dead')),
      [],
    )
  })

  test('fault 54: also where they leave in steps of seconds, and the keep alive is one', (t) => {
    const { keepalive, said, pass, peer, now } = keeping(t, 1)
    keepalive.sent(written)

    pass(100_000, () => {
      if (now() % 4500 === 0) peer.leftBytes += 128 * 1024
    })

    assert.deepEqual(
      said.filter((line) => line.startsWith('dead')),
      [],
    )
  })

  test('fault 54: what is out of sight has as long as its pace needs', (t) => {
    const { keepalive, said, pass, peer, now } = keeping(t, 2)
    keepalive.sent(written)
    pass(100_000, () => {
      peer.leftBytes += 2800
    })
    assert.equal(said.filter((line) => line.startsWith('dead')).length, 0)

    pass(9000) // 250 KB at 28 kB/s
    keepalive.received(now())
    pass(2000)

    assert.equal(said.filter((line) => line.startsWith('dead')).length, 0)
  })

  test('fault 54: that comes in and is passed on only when it is whole is a sign of life', (t) => {
    const { said, pass, peer } = keeping(t, 10)

    pass(107_000, () => {
      peer.arrivedBytes += 2800
    })

    assert.equal(said.filter((line) => line.startsWith('dead')).length, 0)
  })

  test('fault 7: a peer that drips is none', (t) => {
    const { said, pass, peer } = keeping(t, 10)

    pass(20_000, () => {
      peer.arrivedBytes += 1
    })

    assert.equal(said.at(-1), 'dead at 16000 after 16000')
  })

  test('fault 7: that no longer moves is given up, within half a keep alive and a second', (t) => {
    const { keepalive, said, pass } = keeping(t, 60)
    keepalive.sent(written)

    pass(120_000)

    assert.equal(said.at(-1), 'dead at 91000 after 91000')
  })

  test('fault 7: that stops in the middle is given up, and not before its pace allows', (t) => {
    const { keepalive, said, pass, peer } = keeping(t, 10)
    keepalive.sent(written)

    pass(20_000, () => {
      peer.leftBytes += 100_000
    })
    pass(20_000)

    assert.match(said.at(-1) ?? '', /^dead at 3\d\d\d\d /)
  })

  test('fault 7: a little that was written gives nobody more time', (t) => {
    const { keepalive, said, pass, peer } = keeping(t, 1)
    keepalive.sent(1000)

    pass(4000, () => {
      peer.leftBytes += 1
    })

    assert.equal(said.at(-1), 'dead at 2500 after 2500')
  })

  test('does not look while answers come', (t) => {
    const { keepalive, pass, peer, now } = keeping(t, 10)
    let looks = 0
    Object.defineProperty(peer, 'leftBytes', { get: () => looks++ })

    pass(60_000, () => {
      keepalive.sent(100_000)
      keepalive.received(now())
    })

    assert.equal(looks, 0)
  })
})
