import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { type Relay, startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

/** Drops n ≡ 1 (mod 100), repeats n ≡ 3 (mod 50), swaps n ≡ 5 (mod 70) with n + 1. No number is in two of them. */
function faulty(): Relay {
  let held: Buffer | undefined
  return (n, packet, forward) => {
    if (n % 100 === 1) return
    if (n % 70 === 5) {
      held = Buffer.from(packet)
      return
    }
    forward(packet)
    if (n % 50 === 3) forward(packet)
    if (n % 70 === 6 && held !== undefined) forward(held)
  }
}

describe('every message is accounted for', () => {
  for (const qos of [0, 1, 2] as const) {
    test(`what a broker drops, repeats and swaps is counted exactly, QoS ${qos}`, async (t) => {
      const broker = await startRelayBroker({ relay: faulty() })
      t.after(broker.close)

      const { result } = await runBench(benchContext(broker, { end: { by: 'messages', count: 7000 }, qos }))

      assert.deepEqual(result.arrivals, {
        expected: 7000,
        received: 7000 - 70,
        lost: 70,
        lateToArrive: 0,
        duplicate: 140,
        reordered: 100,
        ofWarmup: 0,
        foreign: 0,
        payloadBytes: (7000 - 70 + 140) * 64,
      })
      assert.equal(result.messages?.sent, 7000)
      assert.equal(result.messages?.acked, qos === 0 ? 0 : 7000)
      assert.equal(broker.published, 7000)
      assert.equal(result.response?.count, 7000 - 70)
    })
  }

  test('each publisher has its own account', async (t) => {
    const broker = await startRelayBroker({ relay: (n, packet, forward) => n % 10 !== 0 && forward(packet) })
    t.after(broker.close)

    const changes = { publishers: 3, subscribers: 2, end: { by: 'messages', count: 3001 } } as const
    const { result } = await runBench(benchContext(broker, changes))

    const accounts = result.perPublisher ?? []
    assert.deepEqual(
      accounts.map(({ expected }) => expected),
      [2002, 2000, 2000],
    )
    assert.ok(accounts.every(({ expected = 0, received, lost }) => expected === received + lost))
    assert.equal(result.arrivals?.lost, 2 * 301)
  })

  test('payloads of another run, and of nobody, are counted and nothing else', async (t) => {
    const foreign = Buffer.from('300a000162000061626364', 'hex') // QoS 0 to `b`, and 'abcd' behind it
    foreign[1] = foreign.length - 2
    const relay: Relay = (n, packet, forward) => {
      if (n === 0) forward(foreign)
      forward(packet)
    }
    const broker = await startRelayBroker({ relay })
    t.after(broker.close)

    const { result } = await runBench(benchContext(broker, {}))

    assert.equal(result.arrivals?.foreign, 1)
    assert.equal(result.arrivals?.received, 1000)
    assert.equal(result.arrivals?.duplicate, 0)
  })

  test('messages of the warm-up are sent and not measured', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)

    const changes = {
      load: { mode: 'paced', ratePerSecond: 1000, arrival: 'uniform' },
      end: { by: 'duration', milliseconds: 500 },
      warmupMs: 300,
    } as const
    const { result } = await runBench(benchContext(broker, changes))

    assert.equal(result.messages?.offered, 500)
    assert.equal(result.warmup?.offered, 300)
    assert.equal(result.arrivals?.received, 500)
    assert.equal(result.response?.count, 500)
    assert.equal(broker.published, 800)
  })
})
