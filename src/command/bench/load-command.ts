import { isUtf8 } from 'node:buffer'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { FlagValues } from '../../cli/flags/flag.ts'
import { filePermissionsNote } from '../../cli/secrets/file-permissions.ts'
import type { BenchCommandSettings } from '../../cli/settings/bench/bench.ts'
import type { Input } from '../../cli/settings/input.ts'
import { processFigures } from '../../connection/clock.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { BenchRequest } from '../../features/bench/bench-context.ts'
import { BaseCommand } from '../base-command.ts'
import { checkBenchFiles } from './bench-files.ts'
import { payloadContent } from './bench-payload.ts'
import { shells } from './shell.ts'

/** What is left of settings when the password is read. */
type Ready<Settings> = Omit<Settings, 'passwordSource'>

/** What all commands that load a broker have in common: its owner is asked, the broker is there, and what a run is given. */
export abstract class LoadCommand<Declared, Settings extends BenchCommandSettings> extends BaseCommand {
  static override strict = false // a word that does not belong is our own usage error
  readonly #shells = shells()

  /** What needs no agreement of the broker's owner. */
  protected readonly modestLoad: string = '--rate of at most 1000 without --disturb'

  protected abstract settingsFrom(input: Input<FlagValues<Declared>>): Settings

  /** The work itself, on the broker that was named or the one in this process. */
  protected abstract load(settings: Ready<Settings>, connection: ConnectionSettings): Promise<void>

  async run(): Promise<void> {
    const settings = await this.readSettings((input: Input<FlagValues<Declared>>) => this.settingsFrom(input))
    await checkBenchFiles(settings.files, process.env.GITHUB_STEP_SUMMARY)
    if (settings.askFor !== undefined) {
      const { askConsent } = await import('./ask-consent.ts')
      await askConsent(settings.askFor, { ...this.asking, modestLoad: this.modestLoad })
    }
    await this.#onBroker(settings).finally(() => this.#shells.close())
  }

  async #onBroker(settings: Ready<Settings>): Promise<void> {
    if (!settings.embedded) return this.load(settings, settings.connection)
    const { withEmbeddedBroker } = await import('../../features/embedded-broker/with-embedded-broker.ts')
    await withEmbeddedBroker(
      settings.connection,
      (broker) => this.claimUncaught((error) => broker.endConnectionAtFault(error)),
      (connection) => this.load(settings, connection),
    )
  }

  /** All that a run is given but where to tell. */
  protected async requestOf(
    settings: Ready<BenchCommandSettings>,
    connection: ConnectionSettings,
  ): Promise<Omit<BenchRequest, 'emit'>> {
    const payload = settings.payloadSource && { payload: payloadContent(settings.payloadSource) }
    return {
      settings: { ...settings.bench, ...payload, connection, clients: await this.#clients(settings, connection) },
      signal: this.signal,
      word: await this.wording(),
      figures: processFigures,
      shell: this.#shells.run,
      runId: settings.runId ?? randomInt(2 ** 32),
      startedAt: new Date().toISOString(),
      threadFiles: {
        worker: this.#built('bench-worker.cjs'),
        precisionTimer: this.#built('bench-precision-timer.cjs'),
      },
    }
  }

  #built(name: string): string {
    return join(this.root, 'dist', name)
  }

  async #clients({ bench, credentialsPath }: Ready<BenchCommandSettings>, { password }: ConnectionSettings) {
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
