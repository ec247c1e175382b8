import { compareArgs } from '../../src/cli/args.ts'
import { compareFlags } from '../../src/cli/flags/compare.ts'
import { readInputBytes } from '../../src/cli/input-bytes.ts'
import { resultFiles } from '../../src/cli/result-files.ts'
import { compareSettingsFrom } from '../../src/cli/settings/bench/compare.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import { checkBenchFiles } from '../../src/command/bench/bench-files.ts'
import { writeComparisonFiles } from '../../src/command/bench/comparison-files.ts'
import { compareRuns } from '../../src/features/bench/compare/compare-runs.ts'
import { comparedRuns } from '../../src/features/bench/compare/compared-runs.ts'
import type { ComparedRun } from '../../src/features/bench/compare/comparison.ts'
import { differences, refuseDifferent } from '../../src/features/bench/compare/differences.ts'
import { distributionOf } from '../../src/features/bench/compare/distribution.ts'
import { gateFailure } from '../../src/features/bench/compare/gate.ts'
import { refuseUnpaired } from '../../src/features/bench/compare/refuse-unpaired.ts'
import { resultsOf } from '../../src/features/bench/compare/results-of.ts'
import type { BenchResult } from '../../src/features/bench/events.ts'
import { comparisonLines } from '../../src/render/bench/compare/comparison-lines.ts'
import { jsonText } from '../../src/render/json-text.ts'
import { createTheme } from '../../src/render/theme.ts'

export default class BenchCompare extends BaseCommand {
  static override summary = 'Compare results of bench with older ones, and say what is better, worse, equal or unclear.'
  static override args = compareArgs
  static override strict = false
  static override flags = compareFlags
  static override examples = [
    '<%= config.bin %> bench compare old/*.json --against new/*.json',
    '<%= config.bin %> bench compare old.ndjson --against new.ndjson --max-regression 10% --metric p99',
  ]

  async run(): Promise<void> {
    const settings = compareSettingsFrom(await this.readInput<typeof compareFlags>())
    await checkBenchFiles(settings.files, process.env.GITHUB_STEP_SUMMARY)
    const base = await this.#runs(settings.base)
    const next = await this.#runs(settings.against)
    if (!settings.isAcross) refuseDifferent(differences(base, next))
    refuseUnpaired(base, next, settings.comparison)
    const comparison = compareRuns(base, next, settings.comparison)
    const lines = settings.json ? [jsonText(comparison)] : comparisonLines(comparison, createTheme(this.terminal.color))
    this.terminal.writeOut(`${lines.join('\n')}\n`)
    await writeComparisonFiles(
      settings.files,
      {
        title: 'bench compare',
        sides: { base: settings.base.join(', '), new: settings.against.join(', ') },
        comparison,
        distributions: { base: distributionOf(base), new: distributionOf(next) },
      },
      { root: this.root, summaryPath: process.env.GITHUB_STEP_SUMMARY },
    )
    const failure = gateFailure(comparison, settings.gate)
    if (failure !== undefined) throw failure
  }

  async #runs(paths: readonly string[]): Promise<readonly ComparedRun[]> {
    const results: BenchResult[] = []
    for (const path of paths.flatMap(resultFiles)) {
      const { bytes, name } = await readInputBytes(
        path === '-' ? { words: [path] } : { words: [], file: path },
        this.signal,
      )
      results.push(...resultsOf(bytes, name))
    }
    return comparedRuns(results)
  }
}
