import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

test('packet identifiers stay within those of publishes, however many may be in flight', async (t) => {
  const broker = await startRelayBroker()
  t.after(broker.close)
  const end = { by: 'messages', count: 70_000 } as const

  const { result } = await runBench(
    benchContext(broker, { mode: 'pub', subscribers: 0, qos: 1, inflight: 40_000, end }),
  )

  assert.equal(result.messages?.acked, 70_000)
  assert.equal(result.messages?.unconfirmed, 0)
})

test('a thousand publishers at QoS 1 without a limit of their own do not each have a table of all identifiers', async (t) => {
  const broker = await startRelayBroker()
  t.after(broker.close)
  const end = { by: 'messages', count: 1000 } as const
  const before = process.memoryUsage.rss()

  const { result } = await runBench(
    benchContext(broker, { mode: 'pub', subscribers: 0, publishers: 1000, qos: 1, end }),
  )

  assert.equal(result.messages?.acked, 1000)
  assert.ok(
    result.generator.residentBytes - before < 1000 * 250_000,
    `${result.generator.residentBytes - before} bytes`,
  )
})
