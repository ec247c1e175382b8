import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, test } from 'node:test'
import type { MqttCliError } from '../../../src/errors.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'
import type { Reach } from '../../support/transports/reach.ts'

const yes = Buffer.from('2003000000', 'hex')
const paced = {
  load: { mode: 'paced', ratePerSecond: 500, arrival: 'uniform' },
  end: { by: 'duration', milliseconds: 4000 },
} as const

/** A run whose clients try for ten seconds. */
function comingBack(broker: Reach, changes: Changes) {
  const context = benchContext(broker, changes)
  const connection = { ...context.settings.connection, reconnect: { mode: 'for', seconds: 10 } } as const
  return { ...context, settings: { ...context.settings, connection } }
}

/** A machine that is busy with other tests makes a result invalid, and no connection lost. */
function isGood(failure: MqttCliError | undefined): boolean {
  return failure === undefined || failure.kind === 'invalid-result'
}

describe('a client of a load that loses its connection', () => {
  for (const qos of [1, 2] as const) {
    test(`publishes anew what nobody confirmed, QoS ${qos}: sent = acknowledged, to the message`, async (t) => {
      const broker = await startRelayBroker({ after: (n, socket) => n === 199 && socket.destroy() })
      t.after(broker.close)

      const { result, failure } = await runBench(comingBack(broker, { ...paced, mode: 'pub', subscribers: 0, qos }))

      const { offered, sent, acked, unconfirmed, unsent } = result.messages ?? {}
      assert.ok(isGood(failure), failure?.message)
      assert.deepEqual(
        { offered, sent, acked, unconfirmed, unsent },
        { offered: 2000, sent: 2000, acked: 2000, unconfirmed: 0, unsent: 0 },
      )
      assert.equal(result.connect.reconnected, 1)
      assert.equal(result.connect.outages?.count, 1)
      assert.equal(
        Object.values(result.connect.lost).reduce((sum, each) => sum + each, 0),
        1,
      )
      assert.ok(broker.published >= 2000, `${broker.published}`)
    })
  }

  test('subscribes again, and what came meanwhile is lost', async (t) => {
    let subscriptions = 0
    let cut: Socket | undefined
    const broker = await startRelayBroker({
      subscribed: () => {
        subscriptions++
      },
      connected: (n, socket) => {
        if (n === 0) cut = socket
      },
      after: (n) => n === 300 && cut?.destroy(),
    })
    t.after(broker.close)

    const { result, failure } = await runBench(comingBack(broker, paced))

    const { expected = 0, received = 0, lost = 0 } = result.arrivals ?? {}
    assert.ok(isGood(failure), failure?.message)
    assert.equal(subscriptions, 2)
    assert.equal(expected, 2000)
    assert.equal(received + lost, expected)
    assert.ok(received > 300, `${received} received`)
    assert.equal(result.connect.reconnected, 1)
  })

  test('gives up when the broker says that it never may, and the run says so', async (t) => {
    const banned = Buffer.from('2003008a00', 'hex')
    const broker = await startRelayBroker({
      after: (n, socket) => n === 199 && socket.destroy(),
      connack: (n) => (n === 0 ? yes : banned),
    })
    t.after(broker.close)

    const { result, failure } = await runBench(comingBack(broker, { ...paced, mode: 'pub', subscribers: 0, qos: 1 }))

    const { offered = 0, sent = 0, acked = 0, unconfirmed = 0, unsent = 0 } = result.messages ?? {}
    assert.equal(failure?.kind, 'refused')
    assert.equal(failure?.details.reasonCode, 0x8a)
    assert.equal(result.connect.reconnected, 0)
    assert.equal(sent, acked + unconfirmed)
    assert.equal(offered, sent + unsent)
  })

  test('a thousand come back after a restart, and none is counted twice [fault 39]', {
    skip: mosquittoMissing('mosquitto'),
    timeout: 120_000,
  }, async (t) => {
    const broker = await startMosquitto({ config: 'max_queued_messages 0' })
    t.after(() => broker.stop())
    let restart: Promise<void> | undefined
    const context = comingBack(broker, {
      publishers: 500,
      subscribers: 500,
      qos: 1,
      load: { mode: 'paced', ratePerSecond: 200, arrival: 'uniform' },
      end: { by: 'duration', milliseconds: 15_000 },
      drainMs: 20_000,
    })
    const emit: typeof context.emit = (event) => {
      if (event.event === 'second') restart ??= broker.restart()
    }

    const { result, failure } = await runBench({ ...context, emit })
    await restart

    const { sent = 0, acked, unconfirmed, offered } = result.messages ?? {}
    const { lost, reconnected, connected, outages } = result.connect
    assert.ok(isGood(failure), failure?.message)
    assert.equal(connected, 1000)
    assert.equal(
      Object.values(lost).reduce((sum, each) => sum + each, 0),
      reconnected,
    )
    assert.ok(reconnected >= 1000, `${reconnected} reconnected`)
    assert.deepEqual({ offered, sent, acked, unconfirmed }, { offered: 3000, sent: 3000, acked: 3000, unconfirmed: 0 })
    assert.equal((result.arrivals?.received ?? 0) + (result.arrivals?.lost ?? 0), 3000)
    // Full jitter: whoever came first was back long before whoever came last.
    const [p50Microseconds, maxMicroseconds] = [outages?.p50Microseconds ?? 0, outages?.maxMicroseconds ?? 0]
    assert.ok(p50Microseconds < maxMicroseconds / 1.2, `p50 ${p50Microseconds}, max ${maxMicroseconds}`)
  })
})
