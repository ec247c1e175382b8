import { totalOf } from '../counters/connect-counters.ts'
import type { BenchResult, LatencyFigures, Measure, ThresholdResult } from '../events.ts'
import type { Demand, MetricName, Threshold } from '../settings.ts'
import { demandWords, thresholdWords, type Unit } from './threshold-words.ts'

type Measured = Omit<BenchResult, 'thresholds'>

interface Metric {
  readonly unit: Unit
  readonly of: (result: Measured) => Measure | undefined
  /** What a percentage is of. */
  readonly whole?: (result: Measured) => number
}

const percentiles = {
  p50: 'p50Microseconds',
  p90: 'p90Microseconds',
  p95: 'p95Microseconds',
  p99: 'p99Microseconds',
  'p99.9': 'p99_9Microseconds',
  max: 'maxMicroseconds',
  mean: 'meanMicroseconds',
} as const satisfies Record<string, keyof LatencyFigures>

type Prefixed<P extends string> = Readonly<Record<`${P}${keyof typeof percentiles}`, Metric>>

function latency<P extends string>(of: (result: Measured) => LatencyFigures | undefined, prefix: P): Prefixed<P> {
  const entries = Object.entries(percentiles).map(([name, field]): [string, Metric] => [
    `${prefix}${name}`,
    { unit: 'µs', of: (result) => of(result)?.[field] },
  ])
  return Object.fromEntries(entries) as Prefixed<P>
}

const expected = (result: Measured) => result.arrivals?.expected ?? result.arrivals?.received ?? 0
const sent = (result: Measured) => result.messages?.sent ?? 0

const metrics: Readonly<Record<MetricName, Metric>> = {
  ...latency((result) => result.response ?? result.acknowledged, ''),
  ...latency((result) => result.response ?? result.acknowledged, 'response.'),
  ...latency((result) => result.service ?? result.acknowledgedService, 'service.'),
  ...latency((result) => result.connect.times, 'connect.'),
  lost: { unit: 'messages', of: (result) => result.arrivals?.lost, whole: expected },
  'lost.acked': { unit: 'messages', of: (result) => result.arrivals?.lostAcked, whole: expected },
  'late.arrival': { unit: 'messages', of: (result) => result.arrivals?.lateToArrive, whole: expected },
  duplicate: { unit: 'messages', of: (result) => result.arrivals?.duplicate, whole: expected },
  reordered: { unit: 'messages', of: (result) => result.arrivals?.reordered, whole: expected },
  received: { unit: 'messages', of: (result) => result.arrivals?.received, whole: expected },
  foreign: { unit: 'messages', of: (result) => result.arrivals?.foreign, whole: expected },
  sent: { unit: 'messages', of: (result) => result.messages?.sent },
  acked: { unit: 'messages', of: (result) => result.messages?.acked, whole: sent },
  late: { unit: 'messages', of: (result) => result.messages?.late, whole: sent },
  unsent: {
    unit: 'messages',
    of: (result) => result.messages?.unsent,
    whole: (result) => result.messages?.offered ?? 0,
  },
  unconfirmed: { unit: 'messages', of: (result) => result.messages?.unconfirmed, whole: sent },
  throughput: { unit: 'messages/s', of: ({ rates }) => rates.received ?? rates.sent },
  refused: {
    unit: 'refusals',
    of: ({ connect, messages }) => totalOf(connect.refused) + totalOf(messages?.refused ?? {}),
    whole: (result) => result.connect.attempted + sent(result),
  },
  disconnected: {
    unit: 'connections',
    of: ({ connect }) => totalOf(connect.lost),
    whole: ({ connect }) => connect.connected,
  },
  'connect.rate': { unit: 'connections/s', of: ({ connect }) => connect.perSecond },
}

/** Every threshold with what was measured: a run fails when one that was named comes true, or was not measured. */
export function evaluate(thresholds: readonly Threshold[], result: Measured): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const [measured, unit] = measure(threshold, result)
    const held = measured !== null && !isTrue(measured, threshold)
    return { threshold: threshold.text, measured, unit, held, words: thresholdWords(threshold, unit, measured, held) }
  })
}

/** Every demand with what was measured: it holds when it is true, and never where nothing was measured. */
export function evaluateDemands(demands: readonly Demand[], result: Measured): ThresholdResult[] {
  return demands.map((demand) => {
    const [measured, unit] = measure(demand, result)
    const held = measured !== null && isTrue(measured, demand)
    return { threshold: demand.text, measured, unit, held, words: demandWords(demand, unit, measured, held) }
  })
}

/** Whether a load of this kind has such a figure at all: that it had no sample is something else. */
export function isMeasurable({ metric }: Demand, result: Measured): boolean {
  return metrics[metric].of(result) !== undefined
}

function measure({ metric: name, isPercentage }: Demand, result: Measured): readonly [Measure, Unit] {
  const metric = metrics[name]
  const value = metric.of(result) ?? null
  return isPercentage ? [percentage(value, metric.whole?.(result) ?? 0), '%'] : [value, metric.unit]
}

/** Of nothing there is no percentage. */
function percentage(value: Measure, whole: number): Measure {
  return value === null || whole === 0 ? null : (value / whole) * 100
}

function isTrue(measured: number, { comparison, limit }: Demand): boolean {
  switch (comparison) {
    case '<':
      return measured < limit
    case '<=':
      return measured <= limit
    case '>':
      return measured > limit
    case '>=':
      return measured >= limit
    case '=':
      return measured === limit
  }
}
