import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MqttCliError } from '../../../src/errors.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { worded } from '../../support/program/worded.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const halfASecond = {
  mode: 'pub',
  subscribers: 0,
  qos: 1,
  load: { mode: 'paced', ratePerSecond: 1000, arrival: 'uniform' },
  end: { by: 'duration', milliseconds: 500 },
} as const

describe('a broker that fails in the middle of a run', () => {
  test('killed: published = acknowledged + refused + unconfirmed, to the message, and exit 5 [fault 40]', async (t) => {
    const broker = await startRelayBroker({ after: (n, socket) => n === 199 && socket.destroy() })
    t.after(broker.close)

    const { result, failure } = await runBench(benchContext(broker, halfASecond))

    const { offered = 0, sent = 0, acked = 0, unconfirmed = 0, unsent = 0 } = result.messages ?? {}
    assert.equal(failure?.kind, 'lost')
    assert.equal(sent, acked + unconfirmed)
    assert.equal(offered, sent + unsent)
    assert.equal(offered, 500)
    assert.ok(acked <= 200 && sent >= 200, `sent ${sent}, acked ${acked}`)
    assert.deepEqual(Object.values(result.connect.lost), [1])
  })

  test('DISCONNECT 0x97 is named, and is a refusal', async (t) => {
    const quota = Buffer.from('e00197', 'hex')
    const broker = await startRelayBroker({ after: (n, socket) => n === 99 && socket.end(quota) })
    t.after(broker.close)

    const { result, failure } = await runBench(benchContext(broker, halfASecond))

    assert.equal(failure?.kind, 'refused')
    assert.deepEqual(result.connect.lost, { 'Quota exceeded (0x97)': 1 })
  })

  test('a third of the clients refused: the others run, the refusal is counted by reason', async (t) => {
    const busy = Buffer.from('2003009700', 'hex')
    const broker = await startRelayBroker({ connack: (n) => (n % 3 === 1 ? busy : Buffer.from('2003000000', 'hex')) })
    t.after(broker.close)

    const { result, failure } = await runBench(benchContext(broker, { ...halfASecond, publishers: 9 }))

    assert.equal(failure?.kind, 'refused')
    assert.equal(result.connect.attempted, 9)
    assert.equal(result.connect.connected, 6)
    assert.deepEqual(result.connect.refused, { 'Quota exceeded (0x97)': 3 })
    assert.equal(result.messages?.sent, result.messages?.acked)
  })

  for (const load of [halfASecond.load, { mode: 'saturate' }] as const) {
    test(`never acknowledging, ${load.mode}: it ends in time and says what is unconfirmed`, async (t) => {
      const broker = await startRelayBroker({ acknowledges: false })
      t.after(broker.close)
      const startMs = performance.now()

      const { result, failure } = await runBench(benchContext(broker, { ...halfASecond, load, inflight: 20 }))

      assert.ok(performance.now() - startMs < 5000)
      assert.equal(failure?.kind, 'lost')
      assert.equal(result.messages?.sent, 20)
      assert.equal(result.messages?.unconfirmed, 20)
      assert.equal(result.messages?.unsent, load.mode === 'paced' ? 480 : 0)
    })
  }

  test('a number of messages that nobody acknowledges ends too', async (t) => {
    const broker = await startRelayBroker({ acknowledges: false })
    t.after(broker.close)

    const end = { by: 'messages', count: 100 } as const
    const { result } = await runBench(benchContext(broker, { mode: 'pub', subscribers: 0, qos: 1, end, inflight: 20 }))

    assert.equal(result.messages?.unconfirmed, 20)
  })

  test('one that is not there is one error that names what to start', async () => {
    await assert.rejects(runBench(benchContext(1, {})), (error: MqttCliError) => {
      assert.equal(error.kind, 'unreachable')
      assert.match(worded(error, 'bench').details.tries[0] ?? '', /--embedded.*mqtt-cli broker/)
      return true
    })
  })
})
