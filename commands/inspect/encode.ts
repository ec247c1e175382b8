import { encodeArgs } from '../../src/cli/args.ts'
import { encodeFlags } from '../../src/cli/flags/inspect.ts'
import { readInputBytes } from '../../src/cli/input-bytes.ts'
import { encodeSettingsFrom } from '../../src/cli/settings/inspect/decode.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import { encodeJson } from '../../src/features/inspect/encode-json.ts'

export default class InspectEncode extends BaseCommand {
  static override summary = 'Build MQTT packets from JSON, in the shape that inspect decode --json prints.'
  static override args = encodeArgs
  static override strict = false
  static override flags = encodeFlags
  static override examples = [
    '<%= config.bin %> inspect encode \'{"type":"publish","topic":"a/b","payload":"open"}\'',
    '<%= config.bin %> inspect encode --binary -f packet.json > packet.bin',
  ]

  async run(): Promise<void> {
    const settings = encodeSettingsFrom(await this.readInput<typeof encodeFlags>())
    const { bytes, name } = await readInputBytes(settings.place, this.signal)
    const packets = encodeJson(bytes.toString(), name, settings.version)
    const text = packets.map((packet) => `${packet.toString('hex')}\n`).join('')
    await new Promise<void>((resolve) => {
      this.terminal.onEnd(() => resolve())
      this.terminal.writeOut(settings.binary ? Buffer.concat(packets) : text, () => resolve())
    })
  }
}
