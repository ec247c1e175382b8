import { benchFlags } from '../../cli/flags/bench.ts'
import { type BenchCommandSettings, benchSettingsFrom } from '../../cli/settings/bench/bench.ts'
import type { BenchInput } from '../../cli/settings/command-input.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { BenchRequest } from '../../features/bench/bench-context.ts'
import type { BenchOutcome } from '../../features/bench/events.ts'
import type { BenchMode } from '../../features/bench/settings.ts'
import { writeBenchFiles } from './bench-files.ts'
import { benchOutput } from './bench-output.ts'
import { LoadCommand } from './load-command.ts'

/** What the commands of one run have in common: settings, output, and the end that a result deserves. */
export abstract class BenchCommand extends LoadCommand<typeof benchFlags, BenchCommandSettings> {
  static override flags = benchFlags

  protected abstract readonly mode: BenchMode

  /** The work itself. */
  protected abstract bench(request: BenchRequest): Promise<BenchOutcome>

  protected settingsFrom(input: BenchInput): BenchCommandSettings {
    return benchSettingsFrom(input, this.mode, process.env)
  }

  protected async load(
    settings: Omit<BenchCommandSettings, 'passwordSource'>,
    connection: ConnectionSettings,
  ): Promise<void> {
    const output = benchOutput(this.terminal, settings)
    const request = await this.requestOf(settings, connection)
    const endpoint = await this.#endpoint(settings.prometheus)
    const findings = await this.bench({
      ...request,
      emit: (event) => {
        endpoint?.emit(event)
        output.emit(event)
      },
    }).finally(() => endpoint?.close())
    output.result(findings.result, findings.seconds)
    await writeBenchFiles(settings.files, findings, {
      root: this.root,
      summaryPath: process.env.GITHUB_STEP_SUMMARY,
    })
    if (findings.failure !== undefined) throw findings.failure
  }

  async #endpoint(address: BenchCommandSettings['prometheus']) {
    if (address === undefined) return undefined
    const { startPrometheus } = await import('../../features/bench/report/prometheus.ts')
    const endpoint = await startPrometheus(address.host, address.port)
    this.note(`figures for a Prometheus: http://${address.host}:${endpoint.port}/metrics`)
    return endpoint
  }
}
