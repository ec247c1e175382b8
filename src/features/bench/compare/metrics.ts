import { totalOf } from '../counters/connect-counters.ts'
import type { BenchResult } from '../events.ts'
import type { DecodedRun } from './comparison.ts'
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
  readonly of: (run: DecodedRun) => number | undefined
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
  quantity('throughput', 'messages/s', 'higher is better', ({ result }) => throughput(result)),
  quantity('connect.rate', 'connections/s', 'higher is better', ({ result }) =>
    result.mode === 'conn' ? (result.connect.perSecond ?? undefined) : undefined,
  ),
  ...latencies.map(([name, percentile]) => quantity(name, 'µs', 'lower is better', (run) => latency(run, percentile))),
  count('lost', 'messages', ({ result }) => result.arrivals?.lost),
  count('duplicate', 'messages', ({ result }) => result.arrivals?.duplicate),
  count(
    'refused',
    'refusals',
    ({ result }) => totalOf(result.connect.refused) + totalOf(result.messages?.refused ?? {}),
  ),
]

function quantity(
  name: ComparedMetricName,
  unit: keyof typeof smallest,
  direction: Direction,
  measure: ComparedMetric['of'],
): ComparedMetric {
  const of = (run: DecodedRun) => {
    const value = measure(run)
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
function latency({ durations }: DecodedRun, percentile: number): number | undefined {
  if (durations === undefined || durations.totalCount < fewestFor(percentile)) return undefined
  return durations.getValueAtPercentile(percentile)
}
