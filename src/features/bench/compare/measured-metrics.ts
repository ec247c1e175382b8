import type { DecodedRun } from './comparison.ts'
import { type ComparedMetric, comparedMetrics } from './metrics.ts'
import type { RunValue } from './ratio-interval.ts'
import type { ComparisonSettings } from './settings.ts'

/** One value a run of a metric that both sides have. */
export interface MeasuredMetric {
  readonly metric: ComparedMetric
  readonly base: readonly RunValue[]
  readonly next: readonly RunValue[]
  readonly gates: boolean
}

export function measuredMetrics(
  base: readonly DecodedRun[],
  next: readonly DecodedRun[],
  { isPaired, gated }: ComparisonSettings,
): readonly MeasuredMetric[] {
  return comparedMetrics.flatMap((metric) => {
    const gates = gated === undefined || gated.includes(metric.name)
    const sides = isPaired ? pairs(metric, base, next) : { base: valuesOf(metric, base), next: valuesOf(metric, next) }
    return sides.base.length === 0 || sides.next.length === 0 ? [] : [{ metric, ...sides, gates }]
  })
}

function valuesOf(metric: ComparedMetric, runs: readonly DecodedRun[]): readonly RunValue[] {
  return runs.flatMap((run) => measuredBy(metric, run) ?? [])
}

/** Of a pair of which one half did not measure it, neither counts. */
function pairs(metric: ComparedMetric, base: readonly DecodedRun[], next: readonly DecodedRun[]) {
  const both = base.flatMap((run, index) => {
    const other = next[index]
    const [one, two] = [measuredBy(metric, run), other === undefined ? undefined : measuredBy(metric, other)]
    return one === undefined || two === undefined ? [] : [{ base: one, next: two }]
  })
  return { base: both.map((pair) => pair.base), next: both.map((pair) => pair.next) }
}

function measuredBy(metric: ComparedMetric, run: DecodedRun): RunValue | undefined {
  const value = metric.of(run)
  return value === undefined ? undefined : { value, start: run.start }
}
