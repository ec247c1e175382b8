import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

/** A process of the other side: a counter, a feeder, a source. Ended with the benchmark at the latest. */
export class SideProcess {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<unknown>
  readonly #name: string
  readonly #endAtOnce: () => void

  constructor(name: string, args: readonly (string | number)[]) {
    const file = join(import.meta.dirname, 'processes', `${name}.js`)
    const child = spawn(process.execPath, [file, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines: Interface = createInterface(child.stdout as NodeJS.ReadableStream)
    this.#name = name
    this.#child = child
    this.#lines = lines[Symbol.asyncIterator]()
    this.#ended = once(child, 'exit')
    this.#endAtOnce = () => child.kill('SIGKILL')
    process.once('exit', this.#endAtOnce)
  }

  /** Waits for a line that begins with `expected`, and gives the rest of it. Any other line is what went wrong. */
  async says(expected: string, withinSeconds: number): Promise<string> {
    const timer = setTimeout(() => this.#child.kill('SIGTERM'), withinSeconds * 1000)
    const { value } = await this.#lines.next()
    clearTimeout(timer)
    const line = value ?? 'it ended without a word'
    if (!line.startsWith(expected)) throw new Error(`${this.#name}: ${line}`)
    return line.slice(expected.length).trim()
  }

  async stop(): Promise<void> {
    process.off('exit', this.#endAtOnce)
    this.#endAtOnce()
    await this.#ended
  }
}
