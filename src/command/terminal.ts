import { writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { MqttCliError } from '../errors.ts'

/** stdout or stderr: a terminal, a pipe or a file. `_type` is Node's own mark; it is 'fs' for files and devices. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly fd?: number
  readonly _type?: string
}

interface TerminalOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly noColor: boolean
}

/** Who reads our stdout has gone (`| head -1`). Not an error of anyone: the command ends quietly, with 0. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

export type OutputEnd = OutputClosed | MqttCliError

type Done = (error?: OutputEnd) => void

/** The only writer to stdout and stderr. */
export class Terminal {
  readonly isTty: boolean
  readonly isErrorTty: boolean
  readonly color: boolean
  readonly errorColor: boolean
  readonly width: number
  readonly #stdout: OutputStream
  readonly #stderr: OutputStream
  readonly #endListeners: Array<(end: OutputEnd) => void> = []
  #end: OutputEnd | undefined

  constructor({ stdout, stderr, environment, noColor }: TerminalOptions) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.isTty = stdout.isTTY === true
    this.isErrorTty = stderr.isTTY === true
    this.color = !noColor && wantsColor(this.isTty, environment)
    this.errorColor = !noColor && wantsColor(this.isErrorTty, environment)
    this.width = widthOf(stdout)
    stdout.on('error', (error) => this.#finish(error))
    stderr.on('error', () => {}) // nobody is left to tell
  }

  /** A terminal may be made wider or narrower at any time. */
  get errorWidth(): number {
    return widthOf(this.#stderr)
  }

  /** Bytes that the reader has not taken yet. */
  get pendingBytes(): number {
    return this.#stdout.writableLength
  }

  /** Writes to stdout. False: wait for `onceDrained` before the next. `done` comes when the bytes are out, or never will be. */
  writeOut(bytes: Uint8Array | string, done?: Done): boolean {
    if (this.#end !== undefined) return this.#refuse(this.#end, done)
    if (this.#stdout._type === 'fs') return this.#writeToFile(bytes, done)
    return this.#stdout.write(bytes, (error) => done?.(error ? this.#finish(error) : undefined))
  }

  onceDrained(resume: () => void): void {
    this.#stdout.once('drain', resume)
  }

  /** stdout takes no more: its reader has gone, or it failed. Told once; at once when it has happened already. */
  onEnd(listener: (end: OutputEnd) => void): void {
    if (this.#end === undefined) this.#endListeners.push(listener)
    else listener(this.#end)
  }

  /** One line for people, or one JSON line, to stderr. */
  writeError(line: string): void {
    this.#stderr.write(`${line}\n`)
  }

  /** Node's file stream takes a short write, as on a disk that is nearly full, for a whole one: so files are ours. */
  #writeToFile(bytes: Uint8Array | string, done: Done | undefined): boolean {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    try {
      for (let offset = 0; offset < data.length; ) offset += writeSync(this.#stdout.fd ?? 1, data, offset)
    } catch (error) {
      return this.#refuse(this.#finish(error as Error), done)
    }
    if (done !== undefined) process.nextTick(done)
    return true
  }

  #refuse(end: OutputEnd, done: Done | undefined): boolean {
    if (done !== undefined) process.nextTick(done, end)
    return true
  }

  #finish(error: Error): OutputEnd {
    if (this.#end !== undefined) return this.#end
    const end = outputEnd(error)
    this.#end = end
    for (const listener of this.#endListeners.splice(0)) listener(end)
    return end
  }
}

const readerGone = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

function outputEnd(error: NodeJS.ErrnoException): OutputEnd {
  const code = error.code ?? ''
  if (readerGone.has(code)) return new OutputClosed('stdout was closed by its reader', { cause: error })
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new MqttCliError(
    'local-io',
    `stdout could not be written: ${full ? 'the disk is full' : code || error.message}`,
    {
      layer: 'stdout',
      tries: [full ? 'make room, or write to another disk' : 'check where stdout goes'],
      facts: { code },
      cause: error,
    },
  )
}

/** A terminal that nobody gave a size (a serial line, a job of CI) says 0. */
function widthOf({ columns }: OutputStream): number {
  return columns || 80
}

/** https://no-color.org, then FORCE_COLOR, then whether somebody looks. */
function wantsColor(isTty: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  if ((environment.NO_COLOR ?? '') !== '') return false
  const forced = environment.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTty && environment.TERM !== 'dumb'
}
