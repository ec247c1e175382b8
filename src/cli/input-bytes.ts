import { isatty } from 'node:tty'
import { readPayloadFile } from './payload-file.ts'
import { usageError } from './usage-error.ts'

/** Where a command's bytes come from: words joined by blanks, a file, or standard input (`-`, or nothing said). */
export interface InputPlace {
  readonly words: readonly string[]
  readonly file?: string
}

interface NamedInput {
  readonly bytes: Buffer
  /** How errors call it. */
  readonly name: string
}

export async function readInputBytes({ words, file }: InputPlace, signal: AbortSignal): Promise<NamedInput> {
  const isStdin = words.length === 0 || (words.length === 1 && words[0] === '-')
  if (file !== undefined) {
    if (words.length > 0)
      throw usageError('--file and words on the command line both give input', 'leave one of them out')
    return { bytes: readPayloadFile(file), name: file }
  }
  if (!isStdin) return { bytes: Buffer.from(words.join(' ')), name: 'the input' }
  if (words.length === 0 && isatty(0)) {
    throw usageError('there is nothing to read', 'give it as words, with --file, or on standard input')
  }
  return { bytes: await readStdin(signal), name: 'standard input' }
}

async function readStdin(signal: AbortSignal): Promise<Buffer> {
  const { stdin } = process
  const stop = () => stdin.destroy(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    const chunks: Buffer[] = []
    for await (const chunk of stdin) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
