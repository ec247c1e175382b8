import type { ComparedMetricName, ComparisonSettings, Gate } from '../../../features/bench/compare/settings.ts'
import type { compareFlags, gateFlags } from '../../flags/compare.ts'
import type { FlagValues } from '../../flags/flag.ts'
import { usageError } from '../../usage-error.ts'
import { percentage } from '../../values/bench/percentage.ts'
import { type Input, read, readList } from '../input.ts'
import type { BenchFiles } from './bench.ts'

export interface CompareCommandSettings {
  readonly base: readonly string[]
  readonly against: readonly string[]
  readonly comparison: ComparisonSettings
  readonly gate: Gate
  /** Also where fingerprints differ. */
  readonly isAcross: boolean
  readonly files: Pick<BenchFiles, 'report' | 'comment' | 'githubSummary'>
  readonly json: boolean
}

type GateInput = Input<FlagValues<typeof gateFlags>>

const defaultMaxRegression = 0.05
const metricNames: readonly ComparedMetricName[] = [
  'throughput',
  'connect.rate',
  'p50',
  'p95',
  'p99',
  'p99.9',
  'lost',
  'duplicate',
  'refused',
]

export function compareSettingsFrom(input: Input<FlagValues<typeof compareFlags>>): CompareCommandSettings {
  const against = readList(input, 'against', (text) => text).flatMap(fileNames)
  const { words: base, flags } = input
  if (base.length === 0) {
    const swallowed = against.length > 1 ? 'write BASE before --against' : 'name them before --against'
    throw usageError('there are no results to compare with', `${swallowed}: bench compare old.json --against new.json`)
  }
  if (against.length === 0) {
    throw usageError('there are no results to compare', 'name them: bench compare old.json --against new.json')
  }
  if ([...base, ...against].filter((path) => path === '-').length > 1) {
    throw usageError('standard input can be read once', 'give one - only')
  }
  return {
    base,
    against,
    comparison: { isPaired: flags.paired === true, ...gateBounds(input) },
    gate: gateOf(input),
    isAcross: flags.across === true,
    files: {
      ...(flags.report !== undefined && { report: flags.report }),
      ...(flags.comment !== undefined && { comment: flags.comment }),
      githubSummary: flags['github-summary'] === true,
    },
    json: flags.json === true,
  }
}

export function gateOf(input: GateInput): Gate {
  return read(input, 'gate', gateName) ?? 'worse'
}

export function gateBounds(input: GateInput): Omit<ComparisonSettings, 'isPaired'> {
  const gated = readList(input, 'metric', metricName)
  return {
    maxRegression: read(input, 'max-regression', percentage) ?? defaultMaxRegression,
    ...(gated.length > 0 && { gated }),
  }
}

/** Several words after one flag come as JSON, so that each stays itself; the environment gives one text. */
function fileNames(use: string): readonly string[] {
  return use.startsWith('["') ? JSON.parse(use) : use.trim().split(/\s+/)
}

function gateName(text: string, flag: string): Gate {
  if (text === 'worse' || text === 'strict') return text
  throw usageError(`${flag} is no gate: ${JSON.stringify(text)}`, 'give worse or strict')
}

function metricName(text: string, flag: string): ComparedMetricName {
  const found = metricNames.find((name) => name === text)
  if (found !== undefined) return found
  throw usageError(`${flag} knows no metric ${JSON.stringify(text)}`, `give one of ${metricNames.join(', ')}`)
}
