import type { Histogram } from 'hdr-histogram-js'
import type { BenchResult } from '../events.ts'
import type { Difference } from './difference.ts'
import type { Interval } from './ratio-interval.ts'
import type { ComparedMetricName } from './settings.ts'
import type { Direction, MetricVerdict } from './verdict-of-metric.ts'

/** One run, and which start of its broker it belongs to. */
export interface ComparedRun {
  readonly result: BenchResult
  readonly start: string
}

/** With its distribution decoded: undefined where it has none. */
export interface DecodedRun extends ComparedRun {
  readonly durations: Histogram | undefined
}

interface MetricSides {
  readonly metric: ComparedMetricName
  readonly unit: string
  readonly direction: Direction
  /** One for each run, in the order of the runs. */
  readonly baseValues: readonly number[]
  readonly newValues: readonly number[]
  readonly verdict: MetricVerdict
  /** Whether it may decide how the command ends. */
  readonly gates: boolean
}

/** A quantity, which varies from run to run. */
export interface QuantityComparison extends MetricSides {
  readonly kind: 'quantity'
  readonly baseMedian: number
  readonly newMedian: number
  /** How much runs of a side vary: 0.03 is 3 %. */
  readonly baseSpread: number
  readonly newSpread: number
  /** New to base: of the medians, or the median of the pairs' ratios. */
  readonly ratio: number
  /** Of the ratio, 95 %. */
  readonly interval: Interval
  /** Of the rank test; over the metrics that gate, corrected by Holm. */
  readonly probability: number
  /** How far each run goes with the one before, 0 to 1: the interval is wider for it. */
  readonly correlation: number
  /** The smallest change for the worse that so many rounds find in 95 % of cases: 0.12 is 12 %. */
  readonly smallestChange: number
  /** Where it is unclear: so many more rounds of each would decide in 95 % of cases. Absent where none would. */
  readonly moreRounds?: number
}

/** A count, which is exact. */
export interface CountComparison extends MetricSides {
  readonly kind: 'count'
  /** Over all runs. */
  readonly baseTotal: number
  readonly newTotal: number
}

export type MetricComparison = QuantityComparison | CountComparison

/** One line of how two distributions lie to each other. */
export interface QuantileShift {
  readonly percentile: number
  readonly baseMicroseconds: number
  readonly newMicroseconds: number
}

/** As `docs/schemas/bench-comparison.schema.json` describes it. */
export interface Comparison {
  readonly v: 1
  readonly type: 'bench-comparison'
  readonly isPaired: boolean
  readonly rounds: { readonly base: number; readonly new: number }
  readonly maxRegression: number
  /** Fewer than six rounds: what is said gates nothing. */
  readonly isIndicative: boolean
  /** No more than half of the runs of either side are invalid by their own verdict. */
  readonly isValid: boolean
  readonly metrics: readonly MetricComparison[]
  readonly shifts: readonly QuantileShift[]
  /** Circumstances that are not the same in all runs. */
  readonly differences: readonly Difference[]
  /** What to know when reading it. */
  readonly notes: readonly string[]
}
