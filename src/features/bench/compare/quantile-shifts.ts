import { build, type Histogram } from 'hdr-histogram-js'
import { highestMicroseconds } from '../counters/bucket-counts.ts'
import type { DecodedRun, QuantileShift } from './comparison.ts'

const percentiles = [10, 25, 50, 75, 90, 95, 99, 99.9]

/** How all durations of two sides lie to each other: where they split into two modes, the middle may not move at all. */
export function quantileShifts(base: readonly DecodedRun[], next: readonly DecodedRun[]): readonly QuantileShift[] {
  const [from, to] = [allOf(base), allOf(next)]
  if (from.totalCount === 0 || to.totalCount === 0) return []
  return percentiles.map((percentile) => ({
    percentile,
    baseMicroseconds: from.getValueAtPercentile(percentile),
    newMicroseconds: to.getValueAtPercentile(percentile),
  }))
}

function allOf(runs: readonly DecodedRun[]): Histogram {
  const all = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMicroseconds,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  })
  for (const { durations } of runs) {
    if (durations !== undefined) all.add(durations)
  }
  return all
}
