import { mergeArgs } from '../../src/cli/args.ts'
import { mergeFlags } from '../../src/cli/flags/merge.ts'
import { readInputBytes } from '../../src/cli/input-bytes.ts'
import { mergeSettingsFrom } from '../../src/cli/settings/bench/merge.ts'
import { threshold } from '../../src/cli/values/threshold.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import { checkBenchFiles, writeBenchFiles } from '../../src/command/bench/bench-files.ts'
import { benchOutput } from '../../src/command/bench/bench-output.ts'
import { readResults } from '../../src/features/bench/compare/results-of.ts'
import type { BenchResult } from '../../src/features/bench/events.ts'
import { mergedOutcome, mergeResults } from '../../src/features/bench/merge/merge-results.ts'
import { type NamedResult, shardResults } from '../../src/features/bench/merge/shard-results.ts'
import { failureOf } from '../../src/features/bench/run-bench.ts'
import type { Threshold } from '../../src/features/bench/settings.ts'

export default class BenchMerge extends BaseCommand {
  static override summary = 'Make one result of those of the shards of a run: exact counts, one histogram, one verdict.'
  static override args = mergeArgs
  static override strict = false
  static override flags = mergeFlags
  static override examples = [
    '<%= config.bin %> bench merge 1.json 2.json 3.json 4.json',
    '<%= config.bin %> bench merge *.json --json --fail-if "lost>0"',
  ]

  async run(): Promise<void> {
    const settings = mergeSettingsFrom(await this.readInput<typeof mergeFlags>())
    await checkBenchFiles(settings.files, process.env.GITHUB_STEP_SUMMARY)
    const result = merged(await this.#results(settings.paths), settings.thresholds)
    const outcome = mergedOutcome(result)
    benchOutput(this.terminal, settings).result(result, outcome.seconds)
    await writeBenchFiles(settings.files, outcome, { root: this.root, summaryPath: process.env.GITHUB_STEP_SUMMARY })
    const failure = failureOf(result, undefined)
    if (failure !== undefined) throw failure
  }

  async #results(paths: readonly string[]): Promise<readonly NamedResult[]> {
    const results: NamedResult[] = []
    for (const path of paths) {
      const place = path === '-' ? { words: [path] } : { words: [], file: path }
      const { bytes, name } = await readInputBytes(place, this.signal)
      for (const result of readResults(bytes, name)) results.push({ result, name })
    }
    return results
  }
}

/** One result is what it is. Of several each threshold that a shard was asked for is judged anew, over all of them. */
function merged(results: readonly NamedResult[], asked: readonly Threshold[]): BenchResult {
  const [first, ...others] = results
  if (first !== undefined && others.length === 0 && asked.length === 0) return first.result
  const shards = shardResults(results)
  const texts = new Set(shards.flatMap(({ thresholds }) => thresholds.map((each) => each.threshold)))
  for (const { text } of asked) texts.delete(text)
  return mergeResults(shards, [...[...texts].map((text) => threshold(text, 'the threshold of a shard')), ...asked])
}
