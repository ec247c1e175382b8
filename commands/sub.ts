import { subArgs } from '../src/cli/args.ts'
import { BaseCommand } from '../src/cli/base-command.ts'
import { subFlags } from '../src/cli/flags/subscribe.ts'
import { MessageOutput } from '../src/cli/message-output.ts'
import { reconnectNote } from '../src/cli/reconnect-note.ts'
import { type SubscribeCommandSettings, subscribeSettingsFrom } from '../src/cli/settings/subscribe.ts'
import { mqttJsDriver } from '../src/connection/drivers.ts'
import { type SubscribeContext, subscribe } from '../src/features/subscribe/subscribe.ts'

export default class Sub extends BaseCommand {
  static override summary = 'Subscribe to topic filters and print what arrives.'
  static override args = subArgs
  static override strict = false
  static override flags = subFlags
  static override examples = [
    "<%= config.bin %> sub 'home/#'",
    "<%= config.bin %> sub -v 'home/+/temperature' 'alarm/#'",
    "<%= config.bin %> sub -F '%I %t %q %p' -C 10 -W 30 'home/#'",
    "<%= config.bin %> sub --json '#' | jq .topic",
  ]

  async run(): Promise<void> {
    const settings = await this.readSettings(subscribeSettingsFrom)
    if (!settings.embedded) return this.#subscribe(settings)
    const { withEmbeddedBroker } = await import('../src/features/embedded-broker/with-embedded-broker.ts')
    await withEmbeddedBroker(
      settings.connection,
      (broker) => this.claimUncaught((error) => broker.endConnectionAtFault(error)),
      (connection) => this.#subscribe({ ...settings, connection }),
    )
  }

  async #subscribe(settings: SubscribeCommandSettings): Promise<void> {
    await subscribe(await this.#context(settings))
  }

  async #context({ connection, subscribe, output, trace }: SubscribeCommandSettings): Promise<SubscribeContext> {
    return {
      connection,
      subscribe,
      output: new MessageOutput(output, this.terminal),
      makeDriver: await mqttJsDriver(),
      signal: this.signal,
      reconnecting: (error, delayMs) => this.note(reconnectNote(error, delayMs)),
      refused: (filters) => {
        for (const { filter, reasonName } of filters) this.note(`the broker refused ${filter}: ${reasonName}`)
      },
      ...(trace && { tap: await this.#tap(trace) }),
    }
  }

  async #tap(trace: 'text' | 'json') {
    const { watchWire } = await import('../src/connection/wire-watch.ts')
    const { traceOutput } = await import('../src/cli/trace-output.ts')
    return watchWire(process.hrtime.bigint(), traceOutput(this.terminal, trace))
  }
}
