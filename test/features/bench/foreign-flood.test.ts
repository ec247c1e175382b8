import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const foreign = Buffer.from('300700016200616263', 'hex') // QoS 0 to `b`

describe('messages of others that never end do not keep a run from ending', () => {
  const rows: ReadonlyArray<readonly [mode: string, changes: Changes]> = [
    ['with publishers of its own', { end: { by: 'messages', count: 100 } }],
    ['without', { mode: 'sub', publishers: 0, end: { by: 'duration', milliseconds: 300 } }],
  ]
  for (const [what, changes] of rows) {
    test(what, { timeout: 20_000 }, async (t) => {
      let flood: NodeJS.Timeout | undefined
      const broker = await startRelayBroker({
        subscribed: (forward) => {
          flood ??= setInterval(() => forward(foreign), 10)
        },
      })
      t.after(() => {
        clearInterval(flood)
        broker.close()
      })

      const { result } = await runBench(benchContext(broker, changes))

      assert.ok((result.arrivals?.foreign ?? 0) > 0)
      assert.equal(result.arrivals?.lost, 0)
    })
  }
})
