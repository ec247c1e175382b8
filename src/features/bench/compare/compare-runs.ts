import { median } from 'simple-statistics'
import { compareCount } from './compare-count.ts'
import type { ComparedRun, Comparison, MetricComparison, QuantityComparison } from './comparison.ts'
import { comparisonNotes } from './comparison-notes.ts'
import { decodedRun } from './decoded-run.ts'
import { differences } from './differences.ts'
import { type MeasuredMetric, measuredMetrics } from './measured-metrics.ts'
import { quantileShifts } from './quantile-shifts.ts'
import { holm } from './rank-tests.ts'
import {
  type Estimate,
  estimatePaired,
  estimateUnpaired,
  moreRounds,
  plain,
  relativeSpread,
  smallestChange,
} from './ratio-estimate.ts'
import type { ComparisonSettings } from './settings.ts'
import { metricVerdict } from './verdict-of-metric.ts'

/** With fewer, no test of ranks tells a change from chance. */
const fewestRounds = 6

/** Two sets of runs, metric by metric. Every run gives one value for each: the run is the unit, never the second. */
export function compareRuns(
  baseRuns: readonly ComparedRun[],
  newRuns: readonly ComparedRun[],
  settings: ComparisonSettings,
): Comparison {
  const [base, next] = [baseRuns.map(decodedRun), newRuns.map(decodedRun)]
  const { isPaired, maxRegression } = settings
  const rounds = { base: base.length, new: next.length }
  const isIndicative = Math.min(rounds.base, rounds.new) < fewestRounds
  const measured = measuredMetrics(base, next, settings)
  const metrics = [
    ...compareQuantities(
      measured.filter(({ metric }) => metric.kind === 'quantity'),
      settings,
    ),
    ...measured.filter(({ metric }) => metric.kind === 'count').map((each) => compareCount(each, maxRegression)),
  ]
  const found = { isPaired, rounds, maxRegression, isIndicative, metrics }
  return {
    v: 1,
    type: 'bench-comparison',
    ...found,
    isValid: isMostlyValid(base) && isMostlyValid(next),
    metrics: metrics.map((each): MetricComparison => ({ ...each, gates: each.gates && !isIndicative })),
    shifts: quantileShifts(base, next),
    differences: differences(base, next),
    notes: comparisonNotes(base, next, found),
  }
}

function isMostlyValid(runs: readonly ComparedRun[]): boolean {
  return runs.filter(({ result }) => !result.verdict.isValid).length * 2 <= runs.length
}

/** Holm's correction is over the metrics that gate: the others decide nothing, and cost nothing. */
function compareQuantities(
  quantities: readonly MeasuredMetric[],
  { isPaired, maxRegression }: ComparisonSettings,
): readonly QuantityComparison[] {
  const gated = quantities.filter(({ gates }) => gates)
  const estimates = new Map(
    quantities.map((each) => [
      each,
      isPaired ? estimatePaired(each.base, each.next) : estimateUnpaired(each.base, each.next),
    ]),
  )
  const corrected = holm(gated.map((each) => (estimates.get(each) as Estimate).probability))
  return quantities.map((each) => {
    const estimate = estimates.get(each) as Estimate
    const probability = corrected[gated.indexOf(each)] ?? estimate.probability
    return compareQuantity(each, { ...estimate, probability }, maxRegression)
  })
}

function compareQuantity(
  { metric, base, next, gates }: MeasuredMetric,
  estimate: Estimate,
  maxRegression: number,
): QuantityComparison {
  const { ratio, interval, probability, correlation } = estimate
  const { name, unit, direction } = metric
  const verdict = metricVerdict({ direction, interval, probability, maxRegression })
  const more = verdict === 'unclear' ? moreRounds(estimate, maxRegression) : undefined
  return {
    metric: name,
    kind: 'quantity',
    unit,
    direction,
    baseMedian: median(plain(base)),
    newMedian: median(plain(next)),
    baseSpread: relativeSpread(base),
    newSpread: relativeSpread(next),
    ratio,
    interval,
    probability,
    correlation,
    smallestChange: smallestChange(estimate, maxRegression),
    verdict,
    ...(more !== undefined && { moreRounds: more }),
    gates,
    baseValues: plain(base),
    newValues: plain(next),
  }
}
