import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brokerFlags } from '../src/cli/flags/broker.ts'
import { type BrokerCommandSettings, brokerSettingsFrom } from '../src/cli/settings/broker.ts'
import { BaseCommand } from '../src/command/base-command.ts'
import { brokerOutput } from '../src/command/output/broker-output.ts'
import { monotonicNanoseconds } from '../src/connection/clock.ts'
import { readUserTable } from '../src/features/embedded-broker/access/user-table.ts'
import type { EmbeddedBrokerSettings } from '../src/features/embedded-broker/settings.ts'
import { startEmbeddedBroker } from '../src/features/embedded-broker/start-embedded-broker.ts'

export default class Broker extends BaseCommand {
  static override summary = 'Run an MQTT broker in this process, for tests and demonstrations.'
  static override flags = brokerFlags
  static override strict = false // a word that does not belong is our own usage error
  static override examples = [
    '<%= config.bin %> broker',
    '<%= config.bin %> broker -p 0 --ws-port 9001 -v',
    "<%= config.bin %> broker --password-file users.txt --deny 'secret/#'",
    '<%= config.bin %> broker --tls --cert server.crt --key server.key',
  ]

  async run(): Promise<void> {
    const settings = brokerSettingsFrom(await this.readInput<typeof brokerFlags>())
    for (const note of settings.notes) this.note(note)
    this.noteOpenKeys(settings.tls?.keyFile)
    this.noteOpenFile('the password file', settings.passwordFile)
    const output = brokerOutput(this.terminal, settings, await this.wording())
    const watched = await this.#watched(settings.trace)
    const broker = await startEmbeddedBroker({
      ...(await featureSettings(settings)),
      ...watched,
      version: await this.#name(),
      onEvent: output.event,
    })
    this.claimUncaught((error) => broker.endConnectionAtFault(error))
    output.listening(broker)
    if (!this.signal.aborted) await once(this.signal, 'abort')
    await broker.close()
  }

  /** As under $SYS. */
  async #name(): Promise<string> {
    const { version } = JSON.parse(await readFile(join(this.root, 'package.json'), 'utf8'))
    return `mqtt-cli version ${version}`
  }

  /** Without a trace nobody looks at the bytes, and nothing of this is loaded. */
  async #watched(trace: BrokerCommandSettings['trace']): Promise<Pick<EmbeddedBrokerSettings, 'watch'>> {
    if (trace === undefined) return {}
    const [{ watchAccepted }, { traceOutput }] = await Promise.all([
      import('../src/connection/wire-watch.ts'),
      import('../src/command/output/trace-output.ts'),
    ])
    return { watch: watchAccepted(monotonicNanoseconds(), traceOutput(this.terminal, trace)) }
  }
}

async function featureSettings(settings: BrokerCommandSettings): Promise<EmbeddedBrokerSettings> {
  const { host, port, webSocketPort, tls, deny, denyUser, webSocketOrigins, limits, passwordFile } = settings
  return {
    host,
    deny,
    denyUser,
    webSocketOrigins,
    limits,
    ...(tls === undefined ? { tcpPort: port } : { tlsPort: port, tls }),
    ...(webSocketPort !== undefined &&
      (tls === undefined ? { webSocketPort } : { secureWebSocketPort: webSocketPort })),
    ...(passwordFile !== undefined && { users: await readUserTable(passwordFile) }),
  }
}
