import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BenchEvent } from '../../../src/features/bench/events.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const paced = { mode: 'paced', ratePerSecond: 1000, arrival: 'uniform' } as const
const publishing = { mode: 'pub', subscribers: 0, qos: 1, end: { by: 'duration', milliseconds: 300 } } as const

async function secondsOf(load: typeof paced | { readonly mode: 'saturate' }) {
  const broker = await startRelayBroker()
  const told: BenchEvent[] = []
  const outcome = await runBench(benchContext(broker, { ...publishing, load }, told)).finally(broker.close)
  return { ...outcome, seconds: told.flatMap((each) => (each.event === 'second' ? [each.figures] : [])) }
}

describe('acknowledgements', () => {
  test('that are read in bulk have times nowhere: neither live nor in the result', async () => {
    const { result, seconds, distributions, points } = await secondsOf({ mode: 'saturate' })

    assert.ok(seconds.some(({ acked }) => acked > 0))
    assert.deepEqual(
      seconds.flatMap(({ response, service }) => [response, service].filter((each) => each !== undefined)),
      [],
    )
    assert.equal(result.acknowledged ?? result.acknowledgedService ?? result.histograms.acknowledged, undefined)
    assert.deepEqual([Object.keys(distributions), Object.keys(points)], [['connect'], ['connect']])
  })

  test('of a paced load are read one by one, and have times everywhere', async () => {
    const { result, seconds, distributions } = await secondsOf(paced)

    assert.equal(result.acknowledged?.count, 300)
    assert.ok(seconds.some(({ response }) => (response?.count ?? 0) > 0))
    assert.ok('acknowledged' in distributions)
  })
})
