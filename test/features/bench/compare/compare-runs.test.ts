import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compareRuns } from '../../../../src/features/bench/compare/compare-runs.ts'
import type { Comparison, MetricComparison } from '../../../../src/features/bench/compare/comparison.ts'
import type { ComparedMetricName } from '../../../../src/features/bench/compare/settings.ts'
import { type KnownRun, knownRun, timesAround } from '../../../support/bench/known-runs.ts'

/** Ten values that vary by some 2 %, in an order without a trend. */
const around = (middle: number) =>
  [1.01, 0.98, 1.0, 1.02, 0.99, 1.015, 0.985, 1.005, 0.995, 1.0].map((factor) => middle * factor)
const runs = (known: readonly KnownRun[]) =>
  known.map((each, index) => ({ result: knownRun(each), start: String(index) }))
const throughputs = (values: readonly number[]) => runs(values.map((throughput) => ({ throughput })))
const settings = { isPaired: false, maxRegression: 0.05 }
const metric = (comparison: Comparison, name: ComparedMetricName): MetricComparison => {
  const found = comparison.metrics.find((each) => each.metric === name)
  assert.ok(found, `${name} is compared`)
  return found
}

describe('compareRuns', () => {
  for (const [change, verdict] of [
    [0.8, 'worse'],
    [1.25, 'better'],
    [1, 'equal'],
  ] as const) {
    test(`throughput, of which more is better, times ${change}: ${verdict}`, () => {
      const compared = compareRuns(throughputs(around(1000)), throughputs(around(1000 * change)), settings)

      const found = metric(compared, 'throughput')
      assert.equal(found.verdict, verdict)
      assert.ok(found.kind === 'quantity' && Math.abs(found.ratio - change) < 1e-9)
    })
  }

  test('times, of which less is better, are of the histogram of each run', () => {
    const base = runs(around(1000).map(timesAround))
    const next = runs(around(1300).map(timesAround))

    const compared = compareRuns(base, next, settings)

    for (const name of ['p50', 'p95', 'p99', 'p99.9'] as const) assert.equal(metric(compared, name).verdict, 'worse')
    assert.deepEqual(metric(compared, 'p50').baseValues.slice(0, 2), [1000, 970]) // by hand: the tenth of twenty
  })

  test('a percentile that ten times do not lie above is not of that run', () => {
    const few = runs(around(1000).map((middle) => ({ ...timesAround(middle), timesEach: 10 })))

    const compared = compareRuns(few, few, settings)

    assert.deepEqual(
      compared.metrics.filter(({ kind }) => kind === 'quantity').map((each) => each.metric),
      ['p50', 'p95'],
    )
  })

  test('runs that vary by more than the change: unclear, and how many more rounds would decide', () => {
    const wild = [0.7, 1.3, 0.9, 1.1, 1, 0.8, 1.2, 0.95, 1.05, 1].map((factor) => factor * 1000)

    const found = metric(
      compareRuns(throughputs(wild), throughputs(wild.map((each) => each * 0.93)), settings),
      'throughput',
    )

    assert.equal(found.verdict, 'unclear')
    assert.ok(found.kind === 'quantity' && (found.moreRounds ?? 0) > 50, 'a change near the bound takes many')
  })

  test('five runs of each decide nothing, however far apart they lie; six do', () => {
    const compared = (count: number) =>
      compareRuns(throughputs(around(1000).slice(0, count)), throughputs(around(500).slice(0, count)), settings)

    assert.equal(compared(5).isIndicative, true)
    assert.ok(compared(5).metrics.every(({ gates }) => !gates))
    assert.equal(compared(6).isIndicative, false)
    assert.equal(metric(compared(6), 'throughput').verdict, 'worse')
    assert.equal(metric(compared(6), 'throughput').gates, true)
  })

  test('pairs: what drifts from round to round moves both, and the ratio of each pair stays', () => {
    const drift = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5].map((factor) => factor * 1000)
    const [base, next] = [
      throughputs(drift),
      throughputs(around(0.85).map((ratio, index) => ratio * (drift[index] ?? 0))),
    ]

    assert.equal(metric(compareRuns(base, next, settings), 'throughput').verdict, 'unclear')
    assert.equal(metric(compareRuns(base, next, { ...settings, isPaired: true }), 'throughput').verdict, 'worse')
  })

  test('one lost message where none was is worse, and so is one refusal', () => {
    const clean = around(1000).map(timesAround)
    const base = runs(clean)
    const next = runs(clean.map((each, index) => (index === 3 ? { ...each, lost: 1, refused: 1 } : each)))

    const compared = compareRuns(base, next, settings)

    assert.equal(metric(compared, 'lost').verdict, 'worse')
    assert.equal(metric(compared, 'refused').verdict, 'worse')
    assert.equal(metric(compared, 'duplicate').verdict, 'equal')
    assert.equal(metric(compareRuns(next, base, settings), 'lost').verdict, 'better')
  })

  test('counts that both sides have vary like quantities: one more in a thousand is no change', () => {
    const lossy = (each: number) => runs(around(1000).map((middle) => ({ ...timesAround(middle), lost: each })))

    assert.equal(metric(compareRuns(lossy(1000), lossy(1001), settings), 'lost').verdict, 'equal')
    assert.equal(metric(compareRuns(lossy(1000), lossy(1500), settings), 'lost').verdict, 'worse')
  })

  test("Holm's correction is over what decides: a metric that does not costs the others nothing", () => {
    const base = runs(around(1000).map(timesAround))
    const next = runs(around(1010).map(timesAround))
    const [all, one] = [compareRuns(base, next, settings), compareRuns(base, next, { ...settings, gated: ['p99'] })]
    const [corrected, alone] = [metric(all, 'p99'), metric(one, 'p99')]

    assert.ok(corrected.kind === 'quantity' && alone.kind === 'quantity')
    assert.ok(alone.probability < corrected.probability)
    assert.deepEqual(
      one.metrics.filter(({ gates }) => gates).map((each) => each.metric),
      ['p99'],
    )
  })

  test('a split into two modes shows in the shifts where the middle stays', () => {
    const [whole, split] = [
      { times: [900, 1000, 1000, 1000, 1100], timesEach: 1000 },
      { times: [200, 200, 1000, 5000, 5000], timesEach: 1000 },
    ]

    const { shifts } = compareRuns(runs([whole]), runs([split]), settings)

    const at = (percentile: number) => shifts.find((each) => each.percentile === percentile)
    assert.deepEqual(at(50), { percentile: 50, baseMicroseconds: 1000, newMicroseconds: 1000 })
    assert.deepEqual(at(10), { percentile: 10, baseMicroseconds: 900, newMicroseconds: 200 })
    assert.ok((at(90)?.newMicroseconds ?? 0) >= 5000)
  })

  test('says what was measured in part, and what the runs say of themselves', () => {
    const base = runs(around(1000).map(timesAround))
    const next = runs(
      around(1000).map((middle, index) => ({ ...(index > 0 && timesAround(middle)), problem: 'too slow' })),
    )

    const { notes, isValid } = compareRuns(base, next, settings)

    assert.ok(notes.some((note) => note.includes('p99 ') && note.includes('0 base and 1 new runs')))
    assert.ok(notes.some((note) => note.includes('10 of 10 new runs') && note.includes('too slow')))
    assert.equal(isValid, false)
  })
})
