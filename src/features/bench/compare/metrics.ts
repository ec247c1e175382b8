import { totalOf } from '../counters/connect-counters.ts'
import type { BenchResult } from '../events.ts'
import { histogramOf } from './histogram-of.ts'
import type { ComparedMetricName } from './settings.ts'
import type { Direction } from './verdict-of-metric.ts'

/** What results are compared by. */
export interface ComparedMetric {
  readonly name: ComparedMetricName
  readonly unit: 'messages/s' | 'connections/s' | 'µs' | 'messages' | 'refusals'
  readonly direction: Direction
  /** A count is exact: one where there was none is a change, and needs no statistics. */
  readonly kind: 'quantity' | 'count'
  /** Undefined where the run did not measure it. */
  readonly of: (result: BenchResult) => number | undefined
}

const latencies = [
  ['p50', 50],
  ['p95', 95],
  ['p99', 99],
  ['p99.9', 99.9],
] as const

/** With fewer than ten durations above it, a percentile says how the few were, and not how it lies. */
const fewestFor = (percentile: number) => Math.round(10 / (1 - percentile / 100))

/** Ratios are taken of quantities, so none is 0: what was nothing is as little as can be told. */
const smallest = { 'messages/s': 0.001, 'connections/s': 0.001, µs: 1 } as const

export const comparedMetrics: readonly ComparedMetric[] = [
  quantity('throughput', 'messages/s', 'higher is better', throughput),
  quantity('connect.rate', 'connections/s', 'higher is better', ({ mode, connect }) =>
    mode === 'conn' ? (connect.perSecond ?? undefined) : undefined,
  ),
  ...latencies.map(([name, percentile]) =>
    quantity(name, 'µs', 'lower is better', (result) => latency(result, percentile)),
  ),
  count('lost', 'messages', ({ arrivals }) => arrivals?.lost),
  count('duplicate', 'messages', ({ arrivals }) => arrivals?.duplicate),
  count('refused', 'refusals', ({ connect, messages }) => totalOf(connect.refused) + totalOf(messages?.refused ?? {})),
]

function quantity(
  name: ComparedMetricName,
  unit: keyof typeof smallest,
  direction: Direction,
  measure: ComparedMetric['of'],
): ComparedMetric {
  const of = (result: BenchResult) => {
    const value = measure(result)
    return value === undefined ? undefined : Math.max(value, smallest[unit])
  }
  return { name, unit, direction, kind: 'quantity', of }
}

function count(name: ComparedMetricName, unit: ComparedMetric['unit'], of: ComparedMetric['of']): ComparedMetric {
  return { name, unit, direction: 'lower is better', kind: 'count', of }
}

/** At a rate of our choosing what goes through is what was asked for, and says nothing of the broker: its times do. */
function throughput({ load, rates, messages, measuredSeconds }: BenchResult): number | undefined {
  if (load !== 'saturate') return undefined
  if (rates.received !== undefined) return rates.received ?? undefined
  return messages === undefined || messages.acked === 0 ? (rates.sent ?? undefined) : messages.acked / measuredSeconds
}

/** From the run's own histogram: percentiles of several runs are never averaged. */
function latency({ histograms }: BenchResult, percentile: number): number | undefined {
  const durations = histogramOf(histograms)
  if (durations === undefined || durations.totalCount < fewestFor(percentile)) return undefined
  return durations.getValueAtPercentile(percentile)
}
