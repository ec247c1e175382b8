import type { BenchResult, LatencyFigures } from '../../features/bench/events.ts'
import { durationText, notMeasured } from './figures.ts'

type LatencyRow = readonly [name: string, figures: LatencyFigures]

export const latencyColumns = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const

/** Every distribution that was measured, what the broker did first and what we did last. */
export function latencyRows(result: BenchResult): LatencyRow[] {
  const { response, service, acknowledged, acknowledgedService, connect, idle, generator, slow, subscribed } = result
  const rows: (readonly [string, LatencyFigures | undefined])[] = [
    ['response', response],
    ['service', service],
    ['to ack, response', acknowledged],
    ['to ack, service', acknowledgedService],
    ['slow, response', slow?.response],
    ['connect', connect.times],
    ['subscribe', subscribed],
    ...(idle?.storms ?? []).map(({ times }, index) => [`storm ${index + 1}`, times] as const),
    ['event loop delay', generator.loopDelay],
    ['send delay', generator.sendDelay],
    ['loopback baseline', generator.floor],
  ]
  return rows.flatMap(([name, figures]) => (figures === undefined ? [] : [[name, figures]]))
}

/** One for each column; where nothing was measured the first says so. */
export function latencyCells(figures: LatencyFigures): string[] {
  if (figures.count === 0) return [notMeasured, ...latencyColumns.slice(1).map(() => '')]
  const { p50Microseconds, p90Microseconds, p95Microseconds, p99Microseconds, p99_9Microseconds } = figures
  const upTo = [p50Microseconds, p90Microseconds, p95Microseconds, p99Microseconds, p99_9Microseconds]
  return [...upTo, figures.maxMicroseconds].map(durationText)
}

/** What the clocks of several machines leave open, for each column; undefined where there is one clock only. */
export function clockErrorCells({ count, clockErrorMicroseconds: error }: LatencyFigures): string[] | undefined {
  if (error === undefined || count === 0) return undefined
  return latencyColumns.map(() => `±${durationText(error)}`)
}

/** Both in one cell, where a table has room for it. */
export function latencyCellsWithError(figures: LatencyFigures): string[] {
  const errors = clockErrorCells(figures)
  return latencyCells(figures).map((cell, index) => (errors === undefined ? cell : `${cell} ${errors[index]}`))
}
