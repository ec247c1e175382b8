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
        ...(qos > 0 && { lostAcked: 70 }),
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

  for (const qos of [1, 2] as const) {
    test(`of what is lost, what the broker had acknowledged is told apart to the message, QoS ${qos}`, async (t) => {
      const broker = await startRelayBroker({
        relay: (n, packet, forward) => n % 100 !== 1 && forward(packet), // 70 of 7000
        acknowledges: (n) => n % 400 !== 1 && n % 500 !== 2, // 18 of those 70, and 14 that came
      })
      t.after(broker.close)
      const changes = {
        publishers: 2,
        subscribers: 3,
        end: { by: 'messages', count: 7000 },
        qos,
        drainMs: 300,
      } as const

      const { result, failure } = await runBench(benchContext(broker, changes))

      const { arrivals, messages, perPublisher = [] } = result
      assert.deepEqual([arrivals?.lost, arrivals?.lostAcked], [3 * 70, 3 * (70 - 18)])
      assert.deepEqual([messages?.acked, messages?.unconfirmed], [7000 - 18 - 14, 18 + 14])
      assert.equal(
        perPublisher.reduce((sum, { lostAcked }) => sum + (lostAcked ?? 0), 0),
        3 * (70 - 18),
      )
      assert.equal(failure?.kind, 'lost')
    })
  }

  test('where the broker dies, what it acknowledged and never delivered is told to the message', async (t) => {
    const [died, inflight] = [500, 100]
    const broker = await startRelayBroker({
      relay: (n, packet, forward) => n < died - 30 && forward(packet),
      acknowledges: (n) => n < died,
      after: (n) => n === died + inflight - 1 && broker.close(), // sent only when all before `died` are confirmed
    })
    t.after(broker.close)
    const load = { mode: 'paced', ratePerSecond: 2000, arrival: 'uniform' } as const

    const changes = { load, qos: 1, inflight, end: { by: 'messages', count: 3000 } } as const
    const { result } = await runBench(benchContext(broker, changes))

    assert.equal(result.arrivals?.received, died - 30)
    assert.equal(result.arrivals?.lostAcked, 30)
  })

  test('the time of a connection ends with CONNACK, and that of SUBSCRIBE is its own', async (t) => {
    const delayMs = 300
    const broker = await startRelayBroker({ suback: (send) => setTimeout(send, delayMs) })
    t.after(broker.close)

    const { result } = await runBench(benchContext(broker, { end: { by: 'messages', count: 10 } }))

    const { connect, subscribed } = result
    assert.equal(subscribed?.count, 1)
    assert.ok((subscribed?.p50Microseconds ?? 0) >= delayMs * 1000, `${subscribed?.p50Microseconds} µs`)
    assert.ok((connect.times.p50Microseconds ?? Infinity) < (subscribed?.p50Microseconds ?? 0))
    assert.equal(connect.times.count, 2)
  })

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
