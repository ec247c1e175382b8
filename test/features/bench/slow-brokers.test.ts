import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { type SlowBrokerOptions, startSlowBroker } from '../../support/bench/slow-broker.ts'

const perSecond = 1000
const saturate = { mode: 'saturate' } as const
const rate = (ratePerSecond: number) => ({ mode: 'paced', ratePerSecond, arrival: 'uniform' }) as const
const twoSeconds = { by: 'duration', milliseconds: 2000 } as const
const fourSeconds = { by: 'duration', milliseconds: 4000 } as const
const pub = { mode: 'pub', subscribers: 0 } as const
/** Wherever it takes longer than this it waits for what does not come. */
const longestMs = 15_000

async function run(options: SlowBrokerOptions, changes: Changes) {
  const broker = await startSlowBroker(options)
  const timed = { warmupMs: 1000, end: twoSeconds, drainMs: 1500, ...changes }
  const beganMs = performance.now()
  try {
    const outcome = await runBench(benchContext(broker, timed))
    return { ...outcome, tookMs: performance.now() - beganMs, taken: broker.taken }
  } finally {
    broker.close()
  }
}

describe('a broker of 1,000 messages a second [fault 47]', { concurrency: 4 }, () => {
  const loads: ReadonlyArray<readonly [what: string, changes: Changes]> = [
    ['bench, QoS 0', { load: saturate, qos: 0 }],
    ['bench, QoS 1', { load: saturate, qos: 1 }],
    ['bench, over two threads', { load: saturate, qos: 0, workers: 2 }],
    ['bench, 1 to 5', { load: saturate, qos: 0, subscribers: 5 }],
    ['bench pub, QoS 0', { ...pub, load: saturate, qos: 0 }],
    ['bench pub, QoS 1', { ...pub, load: saturate, qos: 1, inflight: 20 }],
    ['bench rpc, QoS 0', { mode: 'rpc', load: saturate, qos: 0 }],
    ['bench rpc, QoS 1', { mode: 'rpc', load: saturate, qos: 1 }],
  ]
  for (const [what, changes] of loads) {
    test(`${what}: its own rate is measured, and what is on its way is bounded`, async () => {
      const { result, tookMs } = await run({ perSecond }, changes)

      const { messages, rates, outstanding, standstill, verdict } = result
      assert.ok((messages?.offered ?? 0) > 0, 'something was sent while it was measured')
      assert.ok((rates.sent ?? 0) < 1.3 * perSecond, `${rates.sent} sent a second`)
      assert.ok((outstanding?.most ?? Infinity) < 2000, `${outstanding?.most} on their way`)
      assert.ok((result.arrivals?.lost ?? 0) === 0, `${result.arrivals?.lost} lost`)
      assert.ok(tookMs < longestMs, `${tookMs} ms`)
      if (standstill === undefined) assert.deepEqual(verdict.problems, [])
    })
  }

  for (const [what, changes] of [
    ['bench, QoS 0', { qos: 0 }],
    ['bench, QoS 1', { qos: 1 }],
    ['bench pub, QoS 0', { ...pub, qos: 0 }],
    ['bench pub, QoS 1', { ...pub, qos: 1 }],
    ['bench rpc, QoS 0', { mode: 'rpc', qos: 0 }],
  ] as const) {
    test(`${what} at 5,000 a second: the drain holds, and what it kept up with is told`, async () => {
      const { result, tookMs } = await run({ perSecond }, { ...changes, load: rate(5000), warmupMs: 0 })

      const { keptUp = 0 } = result.rates
      assert.ok(keptUp > 0 && keptUp < 1.3 * perSecond, `${keptUp}`)
      assert.ok(
        result.verdict.notes.some((note) => note.includes(`kept up with ${Math.round(keptUp)} of the 5000`)),
        result.verdict.notes.join('\n'),
      )
      assert.ok(tookMs < longestMs, `${tookMs} ms`)
      const { expected = 0, received = 0, lost = 0, lateToArrive = 0 } = result.arrivals ?? {}
      assert.equal(expected, received + lost + lateToArrive)
      if (result.arrivals !== undefined) assert.ok(lateToArrive > 0 && lost === 0, `${lateToArrive} late, ${lost} lost`)
    })
  }

  test('a warm-up that it cannot keep up with is most of what comes: not valid', async () => {
    const { result } = await run({ perSecond }, { load: rate(20_000), end: { by: 'duration', milliseconds: 1000 } })

    assert.match(
      result.verdict.problems.join('\n'),
      /100 % of what came .* was the warm-up’s, at \d+ messages a second/,
    )
  })
})

describe('a broker that stops in the middle of a run [fault 47]', { concurrency: 4 }, () => {
  const cases: ReadonlyArray<
    readonly [what: string, refuses: 'read' | 'acknowledge' | 'anything', changes: Changes, said: RegExp]
  > = [
    ['reading, of bench', 'read', {}, /broker owed \d+ deliveries/],
    ['reading, of bench at a rate', 'read', { load: rate(500) }, /broker owed \d+ deliveries/],
    ['reading, of bench pub', 'read', pub, /did not read: \d+ messages/],
    ['reading, of bench pub at a rate', 'read', { ...pub, load: rate(500) }, /did not read: \d+ messages/],
    ['acknowledging', 'acknowledge', { ...pub, qos: 1, inflight: 50 }, /owed 50 acknowledgements/],
    ['acknowledging, at a rate', 'acknowledge', { ...pub, qos: 1, load: rate(500), inflight: 50 }, /owed 50 acknow/],
    ['anything, of bench', 'anything', {}, /broker owed \d+ deliveries/],
    ['anything, of bench at QoS 1', 'anything', { qos: 1 }, /owed \d+ acknowledgements and \d+ deliveries/],
    ['anything, of bench pub', 'anything', pub, /did not read/],
    ['anything, of bench rpc', 'anything', { mode: 'rpc' }, /broker owed \d+ deliveries/],
  ]
  for (const [what, refuses, changes, said] of cases) {
    test(`${what}: not valid, and who owes what is named`, async () => {
      const strike = { afterPublishes: 300, refuses }
      const { result, failure, tookMs } = await run(
        { perSecond, strike },
        { ...changes, warmupMs: 0, end: fourSeconds },
      )

      assert.equal(result.verdict.isValid, false)
      assert.match(result.verdict.problems.join('\n'), said)
      assert.match(result.verdict.problems.join('\n'), /nothing moved for \d\.\d s/)
      assert.equal(failure?.kind, (changes.qos ?? 0) === 0 ? 'invalid-result' : 'lost', failure?.message)
      assert.ok(tookMs < longestMs, `${tookMs} ms`)
    })
  }

  test('before the window: nothing was sent in it', async () => {
    const strike = { afterPublishes: 50, refuses: 'acknowledge' } as const
    const { result } = await run({ perSecond, strike }, { ...pub, qos: 1, inflight: 20 })

    assert.match(result.verdict.problems.join('\n'), /nothing was sent in the 2\.0 s/)
  })
})
