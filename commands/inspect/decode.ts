import { decodeArgs } from '../../src/cli/args.ts'
import { decodeFlags } from '../../src/cli/flags/inspect.ts'
import { readInputBytes } from '../../src/cli/input-bytes.ts'
import { type DecodeCommandSettings, decodeSettingsFrom } from '../../src/cli/settings/inspect/decode.ts'
import { packetBytes } from '../../src/cli/values/inspect/packet-bytes.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import { TextOutput } from '../../src/command/output/text-output.ts'
import { assumptionNotes } from '../../src/features/inspect/assumption-notes.ts'
import { decodeBytes } from '../../src/features/inspect/decode-bytes.ts'
import { findingsOf } from '../../src/features/inspect/findings-of.ts'
import { foreignInput } from '../../src/features/inspect/foreign-input.ts'
import { malformedError } from '../../src/features/inspect/malformed-error.ts'
import { createTheme } from '../../src/render/theme.ts'
import { inspectView } from '../../src/render/views/inspect-view.ts'

export default class InspectDecode extends BaseCommand {
  static override summary = 'Decode MQTT packets from hex, base64 or a binary file, and name every broken rule.'
  static override args = decodeArgs
  static override strict = false
  static override flags = decodeFlags
  static override examples = [
    "<%= config.bin %> inspect decode '30 0a 00 03 61 2f 62 00 6f 70 65 6e'",
    '<%= config.bin %> inspect decode --view hex 100c00044d5154540502003c00000000',
    '<%= config.bin %> inspect decode --json -f packets.bin | <%= config.bin %> inspect encode --binary',
  ]

  async run(): Promise<void> {
    const settings = decodeSettingsFrom(await this.readInput<typeof decodeFlags>())
    const { bytes, name } = await readInputBytes(settings.place, this.signal)
    const wire = packetBytes(bytes, settings.form, name)
    const foreign = foreignInput(wire, name)
    if (foreign !== undefined) throw foreign
    const packets = decodeBytes(wire, settings)
    await this.#show(packets, settings)
    for (const note of assumptionNotes(packets)) this.note(note)
    const malformed = malformedError(packets)
    if (malformed !== undefined) throw malformed
  }

  async #show(packets: ReturnType<typeof decodeBytes>, settings: DecodeCommandSettings): Promise<void> {
    const { view, filter, showSecrets } = settings
    const style = { theme: createTheme(this.terminal.color), isTimed: false, showSecrets }
    const picture = inspectView(view, style)
    const output = new TextOutput(this.terminal)
    output.write(picture.heading)
    for (const finding of findingsOf(packets, filter)) {
      if (this.signal.aborted) return
      output.write(picture.draw(finding))
    }
    await output.written()
  }
}
