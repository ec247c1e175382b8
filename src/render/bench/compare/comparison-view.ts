import type { Comparison } from '../../../features/bench/compare/comparison.ts'
import type { PercentilePoint } from '../../../features/bench/events.ts'

/** A comparison with what pages say around it. */
export interface ComparisonView {
  /** `bench duet: B against A, 10 rounds`. */
  readonly title: string
  /** What each side is: a broker, or files. */
  readonly sides: { readonly base: string; readonly new: string }
  readonly comparison: Comparison
  readonly distributions: { readonly base: readonly PercentilePoint[]; readonly new: readonly PercentilePoint[] }
}

/** Nothing moved: there is nothing to comment on. */
export function isAllEqual({ metrics }: Comparison): boolean {
  return metrics.every(({ verdict }) => verdict === 'equal')
}
