import { captureArgs } from '../../src/cli/args.ts'
import { inspectFileFlags } from '../../src/cli/flags/inspect-file.ts'
import { openInput } from '../../src/cli/open-input.ts'
import { inspectFileSettingsFrom } from '../../src/cli/settings/inspect/inspect-file.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import { PacedOutput } from '../../src/command/output/paced-output.ts'
import type { CaptureEvent } from '../../src/features/inspect/file/events.ts'
import { inspectFile } from '../../src/features/inspect/file/inspect-file.ts'
import { createTheme } from '../../src/render/theme.ts'
import { fileView } from '../../src/render/views/file-view.ts'

export default class InspectFile extends BaseCommand {
  static override summary = 'Read a capture file: every MQTT packet in it, of every client, on any port.'
  static override args = captureArgs
  static override strict = false // a word too many is our own usage error
  static override flags = inspectFileFlags
  static override examples = [
    '<%= config.bin %> inspect file capture.pcapng',
    '<%= config.bin %> inspect file --stats capture.pcap',
    "<%= config.bin %> inspect file --filter client=pump-7 --filter 'topic=plant/#' --view tree capture.pcapng",
    'tcpdump -i any -U -w - port 1883 | <%= config.bin %> inspect file -',
  ]

  async run(): Promise<void> {
    const { path, view, file, showSecrets } = inspectFileSettingsFrom(await this.readInput<typeof inspectFileFlags>())
    this.noteOpenFile('the key log', file.keyLogPath)
    const { source, name } = openInput(path, this.signal)
    const style = { theme: createTheme(this.terminal.color), isTimed: true, showSecrets }
    const output = new PacedOutput<CaptureEvent>(this.terminal, fileView(view, style))
    try {
      await inspectFile({ source, name, settings: file, output, signal: this.signal })
    } finally {
      await output.written()
    }
  }
}
