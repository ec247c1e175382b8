import { pubArgs } from '../src/cli/args.ts'
import { BaseCommand } from '../src/cli/base-command.ts'
import { pubFlags } from '../src/cli/flags/publish.ts'
import { readPayloadFile } from '../src/cli/payload-file.ts'
import { reconnectNote } from '../src/cli/reconnect-note.ts'
import { type PublishCommandSettings, publishSettingsFrom } from '../src/cli/settings/publish.ts'
import { leanDriver, mqttJsDriver } from '../src/connection/drivers.ts'
import { publishLines } from '../src/features/publish/publish-lines.ts'
import { publishMessage } from '../src/features/publish/publish-message.ts'
import type { PublishContext } from '../src/features/publish/publish-session.ts'
import { readWhole } from '../src/features/publish/read-whole.ts'

export default class Pub extends BaseCommand {
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
    if (!settings.embedded) return this.#publish(settings)
    const { withEmbeddedBroker } = await import('../src/features/embedded-broker/with-embedded-broker.ts')
    await withEmbeddedBroker(
      settings.connection,
      (broker) => this.claimUncaught((error) => broker.endConnectionAtFault(error)),
      (connection) => this.#publish({ ...settings, connection }),
    )
  }

  async #publish(settings: PublishCommandSettings): Promise<void> {
    const { source } = settings.publish
    const context = await this.#context(settings)
    if (source.from !== 'stdin-lines') {
      await publishMessage(context, await payloadOf(source))
      return
    }
    const { maybeLost } = await publishLines(context, process.stdin)
    if (maybeLost > 0) {
      this.note(
        `the connection broke: up to ${maybeLost} messages at QoS 0 may be lost; -q 1 finds out and sends again`,
      )
    }
  }

  async #context({ connection, publish, trace }: PublishCommandSettings): Promise<PublishContext> {
    return {
      connection,
      publish,
      makeDriver: publish.source.from === 'stdin-lines' ? await mqttJsDriver() : leanDriver,
      signal: this.signal,
      reconnecting: (error, delayMs) => this.note(reconnectNote(error, delayMs)),
      notice: (message) => this.note(message),
      ...(trace && { tap: await this.#tap(trace) }),
    }
  }

  async #tap(trace: 'text' | 'json') {
    const { watchWire } = await import('../src/connection/wire-watch.ts')
    const { traceOutput } = await import('../src/cli/trace-output.ts')
    return watchWire(process.hrtime.bigint(), traceOutput(this.terminal, trace))
  }
}

async function payloadOf(source: PublishCommandSettings['publish']['source']): Promise<Buffer> {
  if (source.from === 'argument') return Buffer.from(source.payload)
  if (source.from === 'file') return readPayloadFile(source.path)
  return source.from === 'stdin' ? readWhole(process.stdin) : Buffer.alloc(0)
}
