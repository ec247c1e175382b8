import type { LatencyFigures } from '../events.ts'
import { bucketWidth } from './bucket-counts.ts'

/** The durations of one second: microseconds, ascending, and how many, in turn. */
export type SecondCounts = Float64Array

export const noFigures: LatencyFigures = {
  count: 0,
  meanMicroseconds: null,
  p50Microseconds: null,
  p90Microseconds: null,
  p95Microseconds: null,
  p99Microseconds: null,
  p99_9Microseconds: null,
  maxMicroseconds: null,
}

const percentiles = [50, 90, 95, 99, 99.9] as const

/**
 * Of a second that several threads recorded, what the library says of the same counts, in one pass over them. The library
 * walks through all of its buckets for each percentile, 8 to 30 ms in the first seconds of a run: that would be in the
 * times that we measure.
 */
export function figuresOfSecond(threads: readonly SecondCounts[]): LatencyFigures {
  const counts = together(threads.filter(({ length }) => length > 0))
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return noFigures
  const ranks = percentiles.map((each) => Math.max(1, Math.floor((each / 100) * total + 0.5)))
  const found: number[] = []
  let [seen, sum, max] = [0, 0, 0]
  for (const [lowest, count] of counts) {
    const width = bucketWidth(lowest)
    seen += count
    sum += count * (lowest + Math.floor(width / 2))
    max = lowest + width - 1
    while (found.length < ranks.length && seen >= (ranks[found.length] ?? 0)) found.push(max)
  }
  const [p50Microseconds = null, p90Microseconds = null, p95Microseconds = null] = found
  const [p99Microseconds = null, p99_9Microseconds = null] = found.slice(3)
  const meanMicroseconds = Math.round(sum / total)
  const upTo = { p50Microseconds, p90Microseconds, p95Microseconds, p99Microseconds, p99_9Microseconds }
  return { count: total, meanMicroseconds, ...upTo, maxMicroseconds: max }
}

function together(threads: readonly SecondCounts[]): (readonly [microseconds: number, count: number])[] {
  const pairs = threads.flatMap((counts) =>
    Array.from({ length: counts.length / 2 }, (_, index) => [counts[2 * index]!, counts[2 * index + 1]!] as const),
  )
  return threads.length > 1 ? pairs.sort(([a], [b]) => a - b) : pairs
}
