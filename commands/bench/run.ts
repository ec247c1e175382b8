import { scenarioArgs } from '../../src/cli/args.ts'
import { benchFlags } from '../../src/cli/flags/bench.ts'
import { type ScenarioCommandSettings, scenarioSettingsFrom } from '../../src/cli/settings/bench/bench-run.ts'
import type { BenchInput } from '../../src/cli/settings/command-input.ts'
import { checkBenchFiles, writeBenchFiles } from '../../src/command/bench/bench-files.ts'
import { LoadCommand } from '../../src/command/bench/load-command.ts'
import { scenarioOutput } from '../../src/command/bench/scenario-output.ts'
import type { ConnectionSettings } from '../../src/connection/settings.ts'
import { runBench } from '../../src/features/bench/run-bench.ts'
import { runConn } from '../../src/features/bench/run-conn.ts'
import { runScenario } from '../../src/features/bench/run-scenario.ts'
import type { ScenarioGroup } from '../../src/features/bench/scenario/events.ts'

export default class BenchRun extends LoadCommand<typeof benchFlags, ScenarioCommandSettings> {
  static override summary = 'Run a scenario: groups of clients beside each other, from a file.'
  static override args = scenarioArgs
  static override flags = benchFlags
  static override examples = [
    '<%= config.bin %> bench run soak.yaml',
    '<%= config.bin %> bench run soak.yaml -h broker.lan --json',
    '<%= config.bin %> bench run soak.yaml --embedded --duration 5',
  ]

  protected settingsFrom(input: BenchInput): ScenarioCommandSettings {
    return scenarioSettingsFrom(input)
  }

  protected async load(settings: Omit<ScenarioCommandSettings, 'passwordSource'>, connection: ConnectionSettings) {
    const { name, groups } = settings
    const surroundings = { root: this.root, summaryPath: process.env.GITHUB_STEP_SUMMARY }
    for (const group of groups) await checkBenchFiles(group.settings.files, surroundings.summaryPath)
    const output = scenarioOutput(this.terminal, settings)
    const outcome = await runScenario({
      name,
      groups: await Promise.all(groups.map((group) => this.#group(group, connection))),
      signal: this.signal,
      emit: (event) => output.emit(event),
      startedAt: new Date().toISOString(),
    })
    output.result(outcome)
    for (const group of groups) {
      const found = outcome.outcomes.get(group.name)
      if (found !== undefined) await writeBenchFiles(group.settings.files, found, surroundings)
    }
    if (outcome.failure !== undefined) throw outcome.failure
  }

  /** The broker, and how to get in, are those of all groups. */
  async #group(
    { name, after, delayMs, settings }: ScenarioCommandSettings['groups'][number],
    { target, password }: ConnectionSettings,
  ): Promise<ScenarioGroup> {
    const own = { ...settings.connection, target, ...(password !== undefined && { password }) }
    const request = await this.requestOf(settings, own)
    const load = settings.bench.mode === 'conn' ? runConn : runBench
    return {
      name,
      ...(after && { after }),
      delayMs,
      run: (signal, emit) => load({ ...request, signal, emit }),
    }
  }
}
