// Inspecting a capture file: what its connections said, read as a live conversation is. Begin here; a connection is
// `captured-connection.ts`, its bytes are `captured-conversation.ts`; frames, TCP and what carries MQTT are `src/capture`.

import { once } from 'node:events'
import type { Unreadable } from '../../../capture/layers/layer.ts'
import { CaptureReader } from '../../../capture/read-capture.ts'
import { KeyLogFile } from '../../../capture/tls/key-log-file.ts'
import { MqttCliError } from '../../../errors.ts'
import { ClientRegistry } from '../../../observation/client-registry.ts'
import { shownExchanges } from '../../../observation/shown-exchanges.ts'
import { CapturedConnection } from './captured-connection.ts'
import type { CaptureEvent } from './events.ts'
import type { InspectFileSettings } from './settings.ts'
import { TopTopics } from './top-topics.ts'

/** Where events go. */
interface CaptureOutput {
  tell(event: CaptureEvent): void
  /** More was told than has been taken. */
  readonly isBehind: boolean
  /** Called once, when it no longer is. */
  onceCaughtUp(resume: () => void): void
}

export interface InspectFileRequest {
  /** The file, in pieces. */
  readonly source: AsyncIterable<Buffer>
  /** How errors call it. */
  readonly name: string
  readonly settings: InspectFileSettings
  readonly output: CaptureOutput
  readonly signal: AbortSignal
}

/** Reads a capture to its end, then tells the summaries. Throws where the file is no capture, or is broken. */
export async function inspectFile({ source, name, settings, output, signal }: InspectFileRequest): Promise<void> {
  const reading = new CaptureReading(settings, output)
  for await (const piece of source) {
    if (signal.aborted || reading.push(piece)) break
    if (output.isBehind) await caughtUp(output, signal)
  }
  const problem = reading.end()
  if (problem === undefined || signal.aborted) return
  throw new MqttCliError('local-io', `${name}, byte ${problem.offset}: ${problem.message}`)
}

async function caughtUp(output: CaptureOutput, signal: AbortSignal): Promise<void> {
  const resumed = new Promise<void>((resolve) => output.onceCaughtUp(resolve))
  await Promise.race([resumed, once(signal, 'abort')])
}

function openKeyLog(path: string | undefined): KeyLogFile | undefined {
  try {
    return path === undefined ? undefined : new KeyLogFile(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    throw new MqttCliError('local-io', `Cannot read the key log ${path}: ${code}`, {
      layer: 'file',
      tries: ['check the path and who may read it'],
      cause,
    })
  }
}

class CaptureReading {
  readonly #settings: InspectFileSettings
  readonly #output: CaptureOutput
  readonly #registry: ClientRegistry
  readonly #topics = new TopTopics()
  readonly #unreadable: Partial<Record<Unreadable, number>> = {}
  readonly #reader: CaptureReader
  #connections = 0
  #startedAt: number | undefined

  constructor(settings: InspectFileSettings, output: CaptureOutput) {
    this.#settings = settings
    this.#output = output
    this.#registry = new ClientRegistry(settings.filter)
    const keyLog = openKeyLog(settings.keyLogPath)
    this.#reader = new CaptureReader((captured, at) => {
      this.#startedAt ??= at
      const connection = new CapturedConnection(captured, at, this.#startedAt, {
        settings,
        registry: this.#registry,
        topics: this.#topics,
        findSecrets: keyLog && ((clientRandom) => keyLog.find(clientRandom)),
        number: () => ++this.#connections,
        tell: (event) => output.tell(event),
        unreadable: (why) => {
          this.#unreadable[why] = (this.#unreadable[why] ?? 0) + 1
        },
      })
      return connection.sink
    })
  }

  /** True when there is no use in more. */
  push(piece: Buffer): boolean {
    return this.#reader.push(piece)
  }

  end() {
    const account = this.#reader.end()
    this.#tellSummaries()
    const totals = {
      ...account,
      connections: this.#connections,
      unreadable: this.#unreadable,
      topTopics: this.#topics.top(),
      topics: this.#topics.size,
    }
    this.#output.tell({ event: 'capture', totals })
    return account.problem
  }

  #tellSummaries(): void {
    const tell = (event: CaptureEvent) => this.#output.tell(event)
    for (const record of this.#registry.records()) {
      const left = shownExchanges(record.exchanges.unfinished(), this.#settings.filter)
      for (const finding of left) tell({ event: 'finding', connection: record.number, client: record.number, finding })
      tell({ event: 'summary', of: record.summary() })
    }
    if (this.#registry.uncounted > 0) tell({ event: 'uncounted', clients: this.#registry.uncounted })
  }
}
