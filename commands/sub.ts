import { filterArgs } from '../src/cli/args.ts'
import { subFlags } from '../src/cli/flags/subscribe.ts'
import { type SubscribeCommandSettings, subscribeSettingsFrom } from '../src/cli/settings/subscribe.ts'
import { ConnectedCommand } from '../src/command/connected-command.ts'
import { MessageOutput } from '../src/command/output/message-output.ts'
import { keepHeapSmall } from '../src/command/small-heap.ts'
import { mqttJsDriver } from '../src/connection/driver/drivers.ts'
import { subscribe } from '../src/features/subscribe/subscribe.ts'

export default class Sub extends ConnectedCommand {
  static override summary = 'Subscribe to topic filters and print what arrives.'
  static override args = filterArgs
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
    await this.onBroker(settings, (connection) => this.#subscribe({ ...settings, connection }))
  }

  async #subscribe(settings: SubscribeCommandSettings): Promise<void> {
    keepHeapSmall()
    await subscribe({
      connection: settings.connection,
      subscribe: settings.subscribe,
      output: new MessageOutput(settings.output, this.terminal, (problem) => this.note(problem)),
      makeDriver: await mqttJsDriver(),
      refused: (filters) => {
        for (const { filter, reasonName } of filters) this.note(`the broker refused ${filter}: ${reasonName}`)
      },
      ...(await this.watched(settings.trace)),
    })
  }
}
