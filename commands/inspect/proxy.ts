import { proxyFlags } from '../../src/cli/flags/proxy.ts'
import { proxySettingsFrom } from '../../src/cli/settings/inspect/proxy.ts'
import { BaseCommand } from '../../src/command/base-command.ts'
import { PacedOutput } from '../../src/command/output/paced-output.ts'
import { wordedRejection } from '../../src/command/output/worded-rejection.ts'
import type { ProxyEvent } from '../../src/features/proxy/events.ts'
import { runProxy } from '../../src/features/proxy/run-proxy.ts'
import { createTheme } from '../../src/render/theme.ts'
import { proxyView } from '../../src/render/views/proxy-view.ts'

export default class InspectProxy extends BaseCommand {
  static override summary =
    'Stand between any MQTT clients and their broker: see every packet, and make faults on demand.'
  static override flags = proxyFlags
  static override strict = false // a word that does not belong is our own usage error
  static override examples = [
    '<%= config.bin %> inspect proxy --listen 1884 --to mqtt://localhost:1883',
    '<%= config.bin %> inspect proxy --listen 1884 --to mqtts://broker.example --write session.pcapng',
    "<%= config.bin %> inspect proxy --listen 1884 --to mqtt://localhost --delay puback=200ms --drop 'pubrec@10%'",
    "<%= config.bin %> inspect proxy --listen ws://9001 --to mqtt://localhost --json --filter 'topic=home/#'",
  ]

  async run(): Promise<void> {
    const { view, showSecrets, proxy, isSilent, notes } = proxySettingsFrom(await this.readInput<typeof proxyFlags>())
    for (const note of notes) this.note(note)
    this.noteOpenKeys(...proxy.listeners.map(({ tls }) => tls?.keyFile), proxy.upstream.tls.keyFile)
    this.noteOpenFile('the capture', proxy.capture?.path) // a new one is 0600; one that is there keeps its mode
    const style = { theme: createTheme(this.terminal.color), isTimed: true, showSecrets }
    const picture = proxyView(isSilent ? 'none' : view, style)
    const word = await this.wording()
    const output = new PacedOutput<ProxyEvent>(this.terminal, {
      heading: picture.heading,
      draw: (event) => picture.draw(wordedRejection(event, word)),
    })
    try {
      await runProxy({ settings: proxy, output, signal: this.signal })
    } finally {
      await output.written()
    }
  }
}
