import { filterArgs } from '../../src/cli/args.ts'
import { inspectFlags } from '../../src/cli/flags/inspect.ts'
import { type InspectCommandSettings, inspectSettingsFrom } from '../../src/cli/settings/inspect/inspect.ts'
import { ConnectedCommand } from '../../src/command/connected-command.ts'
import { TextOutput } from '../../src/command/output/text-output.ts'
import { leanDriver } from '../../src/connection/driver/drivers.ts'
import { type FindingOutput, type InspectContext, inspectLive } from '../../src/features/inspect/inspect-live.ts'
import { createTheme } from '../../src/render/theme.ts'
import { inspectView } from '../../src/render/views/inspect-view.ts'

export default class Inspect extends ConnectedCommand {
  static override summary = 'Connect, subscribe, publish, and see exactly what happens on the wire.'
  static override args = filterArgs
  static override strict = false
  static override flags = inspectFlags
  static override examples = [
    "<%= config.bin %> inspect 'home/#'",
    "<%= config.bin %> inspect 'home/#' --publish home/door=open -q 2 -C 1",
    '<%= config.bin %> inspect --view hex --publish a=b -q 1 -D publish content-type text/plain',
    "<%= config.bin %> inspect --json '#' --filter publish,puback | jq .packet",
  ]

  async run(): Promise<void> {
    const settings = await this.readSettings(inspectSettingsFrom)
    await this.onBroker(settings, (connection) => this.#inspect({ ...settings, connection }))
  }

  async #inspect(settings: InspectCommandSettings): Promise<void> {
    const text = new TextOutput(this.terminal)
    try {
      await inspectLive(await this.#context(settings, this.#output(settings, text)))
    } finally {
      await text.written()
    }
  }

  #output({ view, showSecrets }: InspectCommandSettings, text: TextOutput): FindingOutput {
    const theme = createTheme(this.terminal.color)
    const picture = inspectView(view, { theme, isTimed: true, showSecrets, concealer: this.concealer })
    text.write(picture.heading)
    return { show: (finding) => text.write(picture.draw(finding)), flush: (written) => text.flush(written) }
  }

  async #context(settings: InspectCommandSettings, output: FindingOutput): Promise<InspectContext> {
    const { connection, inspect, trace } = settings
    return {
      connection,
      inspect,
      output,
      makeDriver: leanDriver,
      ...(await this.watched(trace)),
    }
  }
}
