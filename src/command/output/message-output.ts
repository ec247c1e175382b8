import type { OutputSettings } from '../../cli/settings/output.ts'
import { usageError } from '../../cli/usage-error.ts'
import { wallClock } from '../../connection/clock.ts'
import type { PublishView } from '../../protocol/wire/publish-view.ts'
import { formatWriter } from '../../render/format-writer.ts'
import { jsonWriter } from '../../render/json-writer.ts'
import { parseMessageFormat } from '../../render/message-format.ts'
import type { MessageWriter } from '../../render/message-writer.ts'
import { OutputBuffer } from '../../render/output-buffer.ts'
import { plainWriter } from '../../render/plain-writer.ts'
import type { Terminal } from '../terminal.ts'
import { checkTextSize, makesText } from './text-limit.ts'

/** What is in the buffer goes out now: the messages of one read may become several times its size, in JSON say. */
const fullBytes = 48 * 1024

/** Shows messages on stdout: each is written into a buffer in its format, and the buffer goes out once for each read. */
export class MessageOutput {
  readonly #write: MessageWriter
  readonly #terminal: Terminal
  readonly #buffer = new OutputBuffer((bytes) => this.#writeBytes(bytes, () => {}))
  #unwritten = 0

  /** `warn`: a message does not have what its format asks for. */
  constructor(settings: OutputSettings, terminal: Terminal, warn: (problem: string) => void) {
    this.#write = messageWriter(settings, terminal.isTty, warn)
    this.#terminal = terminal
  }

  show(message: PublishView): void {
    if (this.#buffer.length >= fullBytes) this.#writeOut(() => {})
    this.#write(message, wallClock, this.#buffer)
  }

  /** `done` says when the bytes are out, or that they never will be: then nothing is acknowledged. */
  flush(done: (isWritten: boolean) => void): void {
    if (this.#buffer.length === 0 && this.#unwritten === 0) done(true)
    else this.#writeOut(done)
  }

  /** Writes end in the order in which they began: the last of a batch speaks for all of it. */
  #writeOut(done: (isWritten: boolean) => void): void {
    this.#writeBytes(this.#buffer.take(), done)
  }

  #writeBytes(bytes: Buffer, done: (isWritten: boolean) => void): void {
    this.#unwritten++
    this.#terminal.writeOut(bytes, (failed) => {
      this.#unwritten--
      if (failed === undefined) this.#buffer.giveBack(bytes)
      done(failed === undefined)
    })
  }
}

/** Unknown or unfinished specifiers are usage errors that name the letter. */
function messageWriter(settings: OutputSettings, isTty: boolean, warn: (problem: string) => void): MessageWriter {
  if (settings.mode === 'json') return limited(jsonWriter())
  const { endOfLine, raw } = settings
  const toTerminal = isTty && !raw
  if (settings.mode === 'plain') {
    const write = plainWriter({ verbose: settings.verbose, endOfLine, escape: toTerminal })
    return toTerminal ? limited(write) : write
  }
  const parsed = parseMessageFormat(settings.format)
  if ('problem' in parsed) throw usageError(`--format: ${parsed.problem}`, 'docs/output-format.md lists the letters')
  const write = formatWriter(parsed.format, { endOfLine, escape: toTerminal, warn })
  return makesText(parsed.format, toTerminal) ? limited(write) : write
}

function limited(write: MessageWriter): MessageWriter {
  return (message, receivedAt, out) => {
    checkTextSize(message)
    write(message, receivedAt, out)
  }
}
