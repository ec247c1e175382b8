import type { Threshold } from '../../../features/bench/settings.ts'
import type { FlagValues } from '../../flags/flag.ts'
import type { mergeFlags } from '../../flags/merge.ts'
import { usageError } from '../../usage-error.ts'
import { threshold } from '../../values/threshold.ts'
import { type Input, readList } from '../input.ts'
import type { BenchFiles } from './bench.ts'

export interface MergeCommandSettings {
  readonly paths: readonly string[]
  readonly thresholds: readonly Threshold[]
  readonly files: BenchFiles
  readonly json: boolean
  readonly isQuiet: boolean
}

export function mergeSettingsFrom(input: Input<FlagValues<typeof mergeFlags>>): MergeCommandSettings {
  const { words: paths, flags } = input
  if (paths.length === 0) {
    throw usageError('there are no results to merge', 'name them: bench merge 1.json 2.json, or - for standard input')
  }
  if (paths.filter((path) => path === '-').length > 1) {
    throw usageError('standard input can be read once', 'give one - only')
  }
  return {
    paths,
    thresholds: readList(input, 'fail-if', threshold),
    files: {
      ...(flags.csv !== undefined && { csv: flags.csv }),
      ...(flags.hdr !== undefined && { hdr: flags.hdr }),
      ...(flags.junit !== undefined && { junit: flags.junit }),
      ...(flags.report !== undefined && { report: flags.report }),
      githubSummary: flags['github-summary'] === true,
    },
    json: flags.json === true,
    isQuiet: flags.quiet === true,
  }
}
