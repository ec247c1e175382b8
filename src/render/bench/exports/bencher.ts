import type { HistoryMetric, LoadHistory } from '../../../features/bench/history/history.ts'
import { loadTitle } from '../history/load-title.ts'

const nanosecondsInMicrosecond = 1000

/** The latest run of each load, as Bencher's adapter `json` reads it: benchmarks, their measures, and one value each. */
export function bencherText(loads: readonly LoadHistory[]): string {
  const benchmarks = loads.map((history) => [`${loadTitle(history.load)}, ${history.load.target}`, measuresOf(history)])
  return `${JSON.stringify(Object.fromEntries(benchmarks), undefined, 2)}\n`
}

function measuresOf({ metrics }: LoadHistory) {
  return Object.fromEntries(
    metrics.flatMap((metric) => {
      const value = metric.values.at(-1)
      return value === null || value === undefined ? [] : [[measureName(metric), { value: measured(metric, value) }]]
    }),
  )
}

/** Its own measures are `throughput`, in operations a second, and `latency`, in nanoseconds. */
function measureName({ metric, unit }: HistoryMetric): string {
  return unit === 'µs' ? `latency-${metric.replace('.', '-')}` : metric.replace('.', '-')
}

function measured({ unit }: HistoryMetric, value: number): number {
  return unit === 'µs' ? value * nanosecondsInMicrosecond : value
}
