import { build, type Histogram } from 'hdr-histogram-js'
import { highestMicroseconds } from '../counters/bucket-counts.ts'
import type { PercentilePoint } from '../events.ts'
import type { ComparedRun, DecodedRun } from './comparison.ts'
import { decodedRun } from './decoded-run.ts'

/** For each nine more so many points: what a chart shows without corners. */
const pointsPerNine = 20

/** All durations of the runs of a side as one curve: so many per cent are at most so long. */
export function distributionOf(runs: readonly ComparedRun[]): readonly PercentilePoint[] {
  const durations = durationsOf(runs.map(decodedRun))
  const points: PercentilePoint[] = []
  for (let step = 0; 10 ** (step / pointsPerNine) <= durations.totalCount; step++) {
    const percentile = 100 * (1 - 10 ** (-step / pointsPerNine))
    points.push({ percentile, microseconds: durations.getValueAtPercentile(percentile) })
  }
  return points
}

/** Added up: histograms of several runs are one exactly. */
export function durationsOf(runs: readonly DecodedRun[]): Histogram {
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
