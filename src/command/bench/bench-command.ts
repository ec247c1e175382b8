import { isUtf8 } from 'node:buffer'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { benchFlags } from '../../cli/flags/bench.ts'
import { filePermissionsNote } from '../../cli/secrets/file-permissions.ts'
import { type BenchCommandSettings, benchSettingsFrom } from '../../cli/settings/bench/bench.ts'
import { processFigures } from '../../connection/clock.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { BenchRequest } from '../../features/bench/bench-context.ts'
import type { BenchOutcome } from '../../features/bench/events.ts'
import type { BenchMode } from '../../features/bench/settings.ts'
import { BaseCommand } from '../base-command.ts'
import { checkBenchFiles, writeBenchFiles } from './bench-files.ts'
import { benchOutput } from './bench-output.ts'
import { payloadContent } from './bench-payload.ts'
import { shells } from './shell.ts'

/** What all bench commands have in common: settings, output, and the end that a result deserves. */
export abstract class BenchCommand extends BaseCommand {
  static override flags = benchFlags
  static override strict = false // a word that does not belong is our own usage error

  protected abstract readonly mode: BenchMode

  /** The work itself. */
  protected abstract bench(request: BenchRequest): Promise<BenchOutcome>

  async run(): Promise<void> {
    const settings = await this.readSettings((input: Parameters<typeof benchSettingsFrom>[0]) =>
      benchSettingsFrom(input, this.mode, process.env),
    )
    await checkBenchFiles(settings.files, process.env.GITHUB_STEP_SUMMARY)
    if (settings.askFor !== undefined) {
      const { askConsent } = await import('./ask-consent.ts')
      await askConsent(settings.askFor, this.asking)
    }
    if (!settings.embedded) return this.#run(settings, settings.connection)
    const { withEmbeddedBroker } = await import('../../features/embedded-broker/with-embedded-broker.ts')
    await withEmbeddedBroker(
      settings.connection,
      (broker) => this.claimUncaught((error) => broker.endConnectionAtFault(error)),
      (connection) => this.#run(settings, connection),
    )
  }

  async #run(settings: Omit<BenchCommandSettings, 'passwordSource'>, connection: ConnectionSettings): Promise<void> {
    const payload = settings.payloadSource && { payload: payloadContent(settings.payloadSource) }
    const output = benchOutput(this.terminal, settings)
    const endpoint = await this.#endpoint(settings.prometheus)
    const { run: shell, close: closeShells } = shells()
    const findings = await this.bench({
      settings: { ...settings.bench, ...payload, connection, clients: await this.#clients(settings, connection) },
      signal: this.signal,
      emit: (event) => {
        endpoint?.emit(event)
        output.emit(event)
      },
      word: await this.wording(),
      figures: processFigures,
      shell,
      runId: settings.runId ?? randomInt(2 ** 32),
      startedAt: new Date().toISOString(),
      threadFiles: {
        worker: this.#built('bench-worker.cjs'),
        precisionTimer: this.#built('bench-precision-timer.cjs'),
      },
    }).finally(() => {
      endpoint?.close()
      closeShells()
    })
    output.result(findings.result, findings.seconds)
    await writeBenchFiles(settings.files, findings, {
      root: this.root,
      summaryPath: process.env.GITHUB_STEP_SUMMARY,
    })
    if (findings.failure !== undefined) throw findings.failure
  }

  #built(name: string): string {
    return join(this.root, 'dist', name)
  }

  async #endpoint(address: BenchCommandSettings['prometheus']) {
    if (address === undefined) return undefined
    const { startPrometheus } = await import('../../features/bench/report/prometheus.ts')
    const endpoint = await startPrometheus(address.host, address.port)
    this.note(`figures for a Prometheus: http://${address.host}:${endpoint.port}/metrics`)
    return endpoint
  }

  async #clients(
    { bench, credentialsPath }: Omit<BenchCommandSettings, 'passwordSource'>,
    { password }: ConnectionSettings,
  ) {
    if (credentialsPath !== undefined)
      return { ...bench.clients, credentials: await this.#credentials(credentialsPath) }
    if (password === undefined || !isUtf8(password)) return bench.clients // bytes that are no text have no placeholders
    return { ...bench.clients, password: Buffer.from(password).toString() }
  }

  async #credentials(path: string) {
    const note = filePermissionsNote('the credentials file', path)
    if (note !== undefined) this.note(note)
    const { readCredentials } = await import('../../cli/secrets/credentials-file.ts')
    return readCredentials(path)
  }
}
