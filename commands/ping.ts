import { pingFlags } from '../src/cli/flags/ping.ts'
import { pingSettingsFrom } from '../src/cli/settings/ping.ts'
import { ConnectedCommand } from '../src/command/connected-command.ts'
import { leanDriver } from '../src/connection/driver/drivers.ts'
import { ping } from '../src/features/ping/ping.ts'
import { pingLine, pingRecord } from '../src/render/ping-text.ts'

export default class Ping extends ConnectedCommand {
  static override summary = 'Ask a broker whether it lives: connect, ask, and say how long it took.'
  static override strict = false // a word that does not belong is our own usage error
  static override flags = pingFlags
  static override examples = [
    '<%= config.bin %> ping',
    '<%= config.bin %> ping mqtts://broker.example -c 5',
    '<%= config.bin %> ping -h broker.lan -u probe --password-file secret --round-trip -W 5',
  ]

  async run(): Promise<void> {
    const settings = await this.readSettings(pingSettingsFrom)
    const { isRoundTrip } = settings.ping
    const draw = settings.json ? pingRecord : pingLine
    await this.onBroker(settings, async (connection) =>
      ping({
        connection,
        ping: settings.ping,
        makeDriver: leanDriver,
        ...(await this.watched(settings.trace)),
        answered: (answer) => this.terminal.writeOut(`${draw(answer, isRoundTrip)}\n`),
      }),
    )
  }
}
