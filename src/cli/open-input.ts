import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import { MqttCliError } from '../errors.ts'
import { usageError } from './usage-error.ts'

const pieceBytes = 256 * 1024

interface OpenedInput {
  /** Throws one of our errors when it cannot be read; ends early, and in silence, when the signal says so. */
  readonly source: AsyncIterable<Buffer>
  /** How errors call it. */
  readonly name: string
}

/** A file to be read piece by piece; `-` is standard input. */
export function openInput(path: string, signal: AbortSignal): OpenedInput {
  if (path !== '-')
    return { source: pieces(createReadStream(path, { highWaterMark: pieceBytes }), path, signal), name: path }
  if (isatty(0)) throw usageError('there is nothing to read: standard input is a terminal', 'give it a file, or a pipe')
  return { source: pieces(process.stdin, 'standard input', signal), name: 'standard input' }
}

async function* pieces(stream: Readable, name: string, signal: AbortSignal): AsyncIterable<Buffer> {
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    for await (const piece of stream) yield piece as Buffer
  } catch (cause) {
    if (signal.aborted) return
    throw new MqttCliError(
      'local-io',
      `Cannot read ${name}: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      {
        layer: 'file',
        tries: ['check the path and who may read it'],
        cause,
      },
    )
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
