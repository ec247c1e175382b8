import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { type Relay, startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

describe('accuracy', () => {
  test('percentiles agree within 2 % with the delays that the broker made', async () => {
    // What else runs on this machine delays us too, and nothing but time cures it; a wrong measurement is wrong each time.
    let worst = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < 3 && worst >= 0.02; attempt++) worst = await worstDifference()

    assert.ok(worst < 0.02, `${(worst * 100).toFixed(1)} % off`)
  })
})

/** By how much p50, p90 and p99 of response and service time differ from what the broker really did, at most. */
async function worstDifference(): Promise<number> {
  const delays: number[] = []
  const relay: Relay = (n, packet, forward) => {
    const began = performance.now()
    const kept = Buffer.from(packet)
    const delayMs = 20 + ((n * 7919) % 181)
    setTimeout(() => {
      delays.push((performance.now() - began) * 1000)
      forward(kept)
    }, delayMs)
  }
  const broker = await startRelayBroker({ relay })
  const load = { mode: 'paced', ratePerSecond: 500, arrival: 'uniform' } as const
  const end = { by: 'duration', milliseconds: 6000 } as const
  const { result } = await runBench(benchContext(broker, { load, end })).finally(broker.close)

  assert.equal(delays.length, 3000)
  assert.ok((result.generator.floor?.count ?? 0) > 0, 'the floor is reported')
  delays.sort((a, b) => a - b)
  const at = (percent: number) => delays[Math.ceil((percent / 100) * delays.length) - 1] ?? 0
  const differences = [result.service, result.response].flatMap((times) => [
    Math.abs((times?.p50Microseconds ?? 0) / at(50) - 1),
    Math.abs((times?.p90Microseconds ?? 0) / at(90) - 1),
    Math.abs((times?.p99Microseconds ?? 0) / at(99) - 1),
  ])
  return Math.max(...differences)
}

describe('rate', () => {
  test('poisson arrivals have the rate on average', async (t) => {
    const broker = await startRelayBroker({ relay: () => {} })
    t.after(broker.close)

    const load = { mode: 'paced', ratePerSecond: 5000, arrival: 'poisson' } as const
    const changes = {
      mode: 'pub',
      subscribers: 0,
      publishers: 3,
      load,
      end: { by: 'duration', milliseconds: 2000 },
    } as const
    const { result } = await runBench(benchContext(broker, changes))

    const offered = result.messages?.offered ?? 0
    assert.ok(Math.abs(offered - 10_000) < 500, `${offered} offered`) // 5 standard deviations
  })
})
