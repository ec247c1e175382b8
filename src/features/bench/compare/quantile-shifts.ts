import type { DecodedRun, QuantileShift } from './comparison.ts'
import { durationsOf } from './distribution.ts'

const percentiles = [10, 25, 50, 75, 90, 95, 99, 99.9]

/** How all durations of two sides lie to each other: where they split into two modes, the middle may not move at all. */
export function quantileShifts(base: readonly DecodedRun[], next: readonly DecodedRun[]): readonly QuantileShift[] {
  const [from, to] = [durationsOf(base), durationsOf(next)]
  if (from.totalCount === 0 || to.totalCount === 0) return []
  return percentiles.map((percentile) => ({
    percentile,
    baseMicroseconds: from.getValueAtPercentile(percentile),
    newMicroseconds: to.getValueAtPercentile(percentile),
  }))
}
