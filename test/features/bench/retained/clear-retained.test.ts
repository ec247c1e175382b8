import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { runBench } from '../../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../../support/bench/bench-settings.ts'
import { mosquittoMissing, startMosquitto } from '../../../support/brokers/mosquitto.ts'
import { startRelayBroker } from '../../../support/scripted-broker/relay-broker.ts'

const retained = { retain: true, clearsRetained: true, qos: 1 } as const

describe('retained messages of a load', { concurrency: 3 }, () => {
  for (const [what, topic, topics] of [
    ['one for each publisher', 'bench/%i', 3],
    ['one for each message', 'bench/%i/%s', 300],
    ['one for all', 'bench/all', 1],
  ] as const) {
    test(`are gone at the end, ${what}, and those of others stay`, {
      skip: mosquittoMissing('mosquitto_pub', 'mosquitto_sub'),
    }, async (t) => {
      const broker = await startMosquitto()
      t.after(broker.stop)
      const at = ['-h', '127.0.0.1', '-p', String(broker.port)]
      spawnSync('mosquitto_pub', [...at, '-t', 'bench/others/0', '-m', 'kept', '-r'])
      const settings = { ...retained, topic, publishers: 3, end: { by: 'messages', count: 300 } } as const

      const { result, failure } = await runBench(benchContext(broker, settings))

      assert.deepEqual(result.retained, { topics, cleared: topics, refused: 0, left: 0 })
      assert.equal(failure?.kind === 'lost', false)
      const kept = spawnSync('mosquitto_sub', [...at, '-t', 'bench/#', '-v', '--retained-only', '-W', '1'])
      assert.equal(String(kept.stdout), 'bench/others/0 kept\n')
    })
  }

  test('that the broker keeps all the same are counted, and the run fails', async (t) => {
    let subscriptions = 0
    const stillThere = Buffer.from('310b000762656e63682f300078', 'hex') // bench/0: x, retained
    const broker = await startRelayBroker({
      subscribed: (forward) => {
        if (++subscriptions === 2) forward(stillThere)
      },
    })
    t.after(broker.close)

    const { result, failure } = await runBench(
      benchContext(broker, { ...retained, end: { by: 'messages', count: 10 } }),
    )

    assert.deepEqual(result.retained, { topics: 1, cleared: 1, refused: 0, left: 1 })
    assert.equal(failure?.kind, 'lost')
    assert.match(failure?.message ?? '', /1 are still there/)
  })

  test('of a broker that is gone are told as not known', async (t) => {
    const broker = await startRelayBroker({ after: (n) => n === 9 && setImmediate(() => broker.close()) })
    t.after(broker.close)

    const { result } = await runBench(benchContext(broker, { ...retained, end: { by: 'messages', count: 10 } }))

    assert.deepEqual(result.retained, { topics: 1, cleared: 0, refused: 0, left: null })
  })
})
