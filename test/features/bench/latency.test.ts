import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
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

/**
 * By how much p50, p90 and p99 of response and service time differ from what the broker really did, at most. None may be
 * shorter; longer by what this process was late, which is client and broker.
 */
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
  const lateness = monitorEventLoopDelay({ resolution: 1 })
  lateness.enable()
  const { result } = await runBench(benchContext(broker, { load, end })).finally(broker.close)
  lateness.disable()

  assert.equal(delays.length, 3000)
  assert.ok((result.generator.floor?.count ?? 0) > 0, 'the floor is reported')
  const lateMicroseconds = Math.max(0, lateness.percentile(99) / 1000 - 1000)
  delays.sort((a, b) => a - b)
  const at = (percent: number) => delays[Math.ceil((percent / 100) * delays.length) - 1] ?? 0
  const off = (measured: number | null | undefined, made: number) =>
    Math.max(made - (measured ?? 0), (measured ?? 0) - made - lateMicroseconds, 0) / made
  return Math.max(
    ...[result.service, result.response].flatMap((times) => [
      off(times?.p50Microseconds, at(50)),
      off(times?.p90Microseconds, at(90)),
      off(times?.p99Microseconds, at(99)),
    ]),
  )
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
