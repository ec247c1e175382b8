import { sum } from 'simple-statistics'
import type { CountComparison } from './comparison.ts'
import type { MeasuredMetric } from './measured-metrics.ts'
import { rankSumProbability } from './rank-tests.ts'
import { plain } from './ratio-estimate.ts'
import type { MetricVerdict } from './verdict-of-metric.ts'

const significant = 0.05

/** Counts are exact: one where there was none is a change, however many runs there were. */
export function compareCount({ metric, base, next, gates }: MeasuredMetric, maxRegression: number): CountComparison {
  const [baseValues, newValues] = [plain(base), plain(next)]
  return {
    metric: metric.name,
    kind: 'count',
    unit: metric.unit,
    direction: metric.direction,
    baseTotal: sum(baseValues),
    newTotal: sum(newValues),
    verdict: verdictOf(baseValues, newValues, maxRegression),
    gates,
    baseValues,
    newValues,
  }
}

/** Where both sides have some, they vary as any quantity does, and the ranks say whether one has more. */
function verdictOf(base: readonly number[], next: readonly number[], maxRegression: number): MetricVerdict {
  const [before, after] = [sum([...base]) / base.length, sum([...next]) / next.length]
  if (before === after) return 'equal'
  if (before === 0) return 'worse'
  if (after === 0) return 'better'
  if (after <= before * (1 + maxRegression) && before <= after * (1 + maxRegression)) return 'equal'
  if (rankSumProbability(base, next) > significant) return 'unclear'
  return after > before ? 'worse' : 'better'
}
