import type { HistoryMetric, LoadHistory } from '../../../features/bench/history/history.ts'
import { loadTitle } from '../history/load-title.ts'

/** One benchmark, as github-action-benchmark reads it with `tool: customSmallerIsBetter`. */
interface ActionBenchmark {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly extra: string
}

/** The latest run of each load. One file has one direction, so that rates are told as the time that each takes. */
export function benchmarkActionText(loads: readonly LoadHistory[]): string {
  return `${JSON.stringify(loads.flatMap(benchmarksOf), undefined, 2)}\n`
}

function benchmarksOf({ load, metrics, runs }: LoadHistory): readonly ActionBenchmark[] {
  const last = runs.at(-1)
  const extra = `${load.target}\nrun ${last?.runId}, ${last?.startedAt}`
  return metrics.flatMap((metric) => {
    const value = metric.values.at(-1)
    if (value === null || value === undefined) return []
    return [{ name: `${loadTitle(load)}: ${metric.metric}${ofRate(metric)}`, ...smaller(metric, value), extra }]
  })
}

function isRate({ direction }: HistoryMetric): boolean {
  return direction === 'higher is better'
}

function ofRate(metric: HistoryMetric): string {
  return isRate(metric) ? ', as time for each' : ''
}

function smaller(metric: HistoryMetric, value: number): Pick<ActionBenchmark, 'unit' | 'value'> {
  return isRate(metric) ? { unit: 'µs', value: 1e6 / value } : { unit: metric.unit, value }
}
