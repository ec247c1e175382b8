import { pubArgs } from '../src/cli/args.ts'
import { pubFlags } from '../src/cli/flags/publish.ts'
import { readPayloadFile } from '../src/cli/payload-file.ts'
import { type PublishCommandSettings, publishSettingsFrom } from '../src/cli/settings/publish.ts'
import { ConnectedCommand } from '../src/command/connected-command.ts'
import { keepHeapSmall } from '../src/command/small-heap.ts'
import { leanDriver, mqttJsDriver } from '../src/connection/driver/drivers.ts'
import { stopAfter } from '../src/connection/waiting.ts'
import { publishLines } from '../src/features/publish/publish-lines.ts'
import { orAborted, publishMessages } from '../src/features/publish/publish-message.ts'
import type { PublishContext } from '../src/features/publish/publish-session.ts'
import { readWhole } from '../src/features/publish/read-whole.ts'

export default class Pub extends ConnectedCommand {
  static override summary = 'Publish a message, a file, or each line of standard input.'
  static override args = pubArgs
  static override flags = pubFlags
  static override examples = [
    '<%= config.bin %> pub home/door open',
    '<%= config.bin %> pub home/door open -q 2 --trace',
    'tail -f app.log | <%= config.bin %> pub -l -t logs/app -q 1',
    '<%= config.bin %> pub -t home/door -m open -r -D publish user-property source cli',
  ]

  async run(): Promise<void> {
    const settings = await this.readSettings(publishSettingsFrom)
    await this.onBroker(settings, (connection) => this.#publish({ ...settings, connection }))
  }

  async #publish({ connection, publish, trace }: PublishCommandSettings): Promise<void> {
    const { source, giveUpAfterMs } = publish
    const isLines = source.from === 'stdin-lines'
    if (isLines) keepHeapSmall()
    const watched = await this.watched(trace)
    const signal = giveUpAfterMs === undefined ? this.signal : stopAfter(giveUpAfterMs, this.signal).signal
    const context: PublishContext = {
      connection,
      publish,
      makeDriver: isLines ? await mqttJsDriver() : leanDriver,
      ...watched,
      signal,
    }
    if (isLines) await this.#publishLines(context)
    else await publishMessages(context, await orAborted(payloadsOf(source), signal))
  }

  async #publishLines(context: PublishContext): Promise<void> {
    const { maybeLost } = await publishLines(context, process.stdin)
    if (maybeLost === 0) return
    this.note(`the connection broke: up to ${maybeLost} messages at QoS 0 may be lost; -q 1 finds out and sends again`)
  }
}

async function payloadsOf(source: PublishCommandSettings['publish']['source']): Promise<readonly Buffer[]> {
  if (source.from === 'arguments') return source.payloads.map((payload) => Buffer.from(payload))
  if (source.from === 'files') return source.paths.map(readPayloadFile)
  return [source.from === 'stdin' ? await readWhole(process.stdin) : Buffer.alloc(0)]
}
