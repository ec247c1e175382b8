import type { Interval } from './ratio-interval.ts'

/** What more of a metric is. */
export type Direction = 'higher is better' | 'lower is better'
export type MetricVerdict = 'better' | 'worse' | 'equal' | 'unclear'

export interface Question {
  readonly direction: Direction
  /** Of the ratio, new to base. */
  readonly interval: Interval
  /** The rank test's, corrected for the number of metrics. */
  readonly probability: number
  /** How much worse is no matter: 0.05 is 5 %. */
  readonly maxRegression: number
}

const significant = 0.05

/** Worse and better need the whole interval beyond the bound and the rank test with it; equal, the whole interval inside. */
export function metricVerdict({ direction, interval, probability, maxRegression }: Question): MetricVerdict {
  const { low, high } = interval
  const [worst, best] = [1 / (1 + maxRegression), 1 + maxRegression]
  const isSignificant = probability <= significant
  if (isSignificant && low > best) return direction === 'lower is better' ? 'worse' : 'better'
  if (isSignificant && high < worst) return direction === 'lower is better' ? 'better' : 'worse'
  return low >= worst && high <= best ? 'equal' : 'unclear'
}
