import type { Demand, MetricName, Threshold, ThresholdComparison } from '../../features/bench/settings.ts'
import { usageError } from '../usage-error.ts'

type Kind = 'duration' | 'number'

const percentiles = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max', 'mean'] as const
const counted = [
  'lost',
  'lost.acked',
  'late.arrival',
  'duplicate',
  'reordered',
  'received',
  'foreign',
  'sent',
  'acked',
  'late',
  'unsent',
  'unconfirmed',
  'throughput',
  'refused',
  'disconnected',
  'connect.rate',
] as const

const kinds: ReadonlyMap<string, Kind> = new Map<MetricName, Kind>([
  ...percentiles.flatMap((name): [MetricName, Kind][] => [
    [name, 'duration'],
    [`response.${name}`, 'duration'],
    [`service.${name}`, 'duration'],
    [`connect.${name}`, 'duration'],
  ]),
  ...counted.map((name): [MetricName, Kind] => [name, 'number']),
])

const microseconds: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1000, s: 1_000_000 }
const shape = /^\s*([a-z][a-z0-9.]*)\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(us|µs|ms|s|%|\/s)?\s*$/i

/** `p99>20ms`, `lost>0`, `lost>0.1%`, `throughput<10000`: what must not be true. */
export function threshold(text: string, flag: string): Threshold {
  const { comparison, ...rest } = condition(text, flag, failingExamples)
  if (comparison === '=') throw usageError(`${flag} has no =: ${JSON.stringify(text)}`, failingExamples)
  return { ...rest, comparison }
}

/** `p99<20ms`, `lost=0`, `throughput>=10000`: what must be true. */
export function demand(text: string, flag: string): Demand {
  return condition(text, flag, holdingExamples)
}

const failingExamples = "write a figure, <, <=, > or >=, and a number: 'p99>20ms', 'lost>0', 'throughput<10000'"
const holdingExamples = "write a figure, <, <=, =, > or >=, and a number: 'p99<20ms', 'lost=0'"

function condition(text: string, flag: string, examples: string): Demand {
  const [, name = '', comparison = '', number = '', unit = ''] = shape.exec(text) ?? []
  const kind = kinds.get(name)
  if (kind === undefined) throw notACondition(text, flag, name, examples)
  const isPercentage = unit === '%'
  const factor = kind === 'duration' ? microseconds[unit] : unit === '' || unit === '/s' || isPercentage ? 1 : undefined
  if (factor === undefined) throw wrongUnit(text, flag, kind)
  return {
    text: text.trim(),
    metric: name as MetricName,
    comparison: comparison as ThresholdComparison | '=',
    limit: Number(number) * factor,
    isPercentage,
  }
}

function notACondition(text: string, flag: string, name: string, examples: string): Error {
  const problem = name === '' ? 'is no condition' : `knows no figure ${JSON.stringify(name)}`
  return usageError(
    `${flag} ${problem}: ${JSON.stringify(text)}`,
    examples,
    `the figures are ${percentiles.join(', ')} (also as service.p99, connect.p99), ${counted.join(', ')}`,
  )
}

function wrongUnit(text: string, flag: string, kind: Kind): Error {
  return kind === 'duration'
    ? usageError(`${flag}: ${JSON.stringify(text)} compares a time with no time`, 'give it a unit: us, ms or s')
    : usageError(`${flag}: ${JSON.stringify(text)} compares a number with a time`, 'leave the unit out')
}
