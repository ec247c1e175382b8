import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

export interface RunOptions {
  /** Written to stdin, which is closed then; '' by default. 'open' leaves it to the test: `handle.child.stdin`. */
  readonly stdin?: string | Buffer | 'open'
  /** Added to this process' environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** In place of `node bin/run.js`. The arguments follow. */
  readonly program?: readonly [command: string, ...args: string[]]
  /** Ends the program and fails whatever is awaited. Generous: it is there for a program that hangs. */
  readonly timeLimitMs?: number
}

export interface CliHandle {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Everything on stdout, when the program has ended. */
  stdout(): Promise<Buffer>
  stderr(): Promise<string>
  /** Rejects for a program that a signal ended: one that handles SIGINT exits with 130 by itself. SIGKILL is 137. */
  readonly exitCode: Promise<number>
  /** Resolves with the match as soon as the output so far has it; fails when the program ends without. */
  whenStdout(pattern: RegExp): Promise<RegExpExecArray>
  whenStderr(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal?: NodeJS.Signals): boolean
}

/** The real program as a process of its own. `npm test` builds it first; a test run by hand wants `npm run build`. */
export function runCli(args: readonly string[], options: RunOptions = {}): CliHandle {
  const [command, ...first] = options.program ?? [process.execPath, join(ROOT, 'bin', 'run.js')]
  const child = spawn(command, [...first, ...args], {
    cwd: options.cwd ?? ROOT,
    env: environment(options.env ?? {}),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  feed(child.stdin, options.stdin ?? '')
  const stdout = new Output(child.stdout)
  const stderr = new Output(child.stderr)
  const shown = `mqtt-cli ${args.join(' ')}`
  const exitCode = ended(child, shown, options.timeLimitMs ?? 60_000, stderr)
  exitCode.catch(() => {}) // who awaits it learns it; who does not has another assertion to fail
  return {
    child,
    exitCode,
    stdout: () => exitCode.then(() => stdout.bytes),
    stderr: () => exitCode.then(() => stderr.bytes.toString()),
    whenStdout: (pattern) => stdout.when(pattern, exitCode, `stdout of ${shown}`),
    whenStderr: (pattern) => stderr.when(pattern, exitCode, `stderr of ${shown}`),
    kill: (signal = 'SIGTERM') => child.kill(signal),
  }
}

function environment(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  // What a developer has set for himself must not change what a test sees.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(MQTT_CLI_|NODE_OPTIONS$|NODE_TEST|DEBUG$)/.test(name),
  )
  const merged = { ...Object.fromEntries(inherited), ...changes }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}

function feed(stdin: Writable, input: string | Buffer): void {
  stdin.on('error', () => {}) // a program that ends without reading its input breaks the pipe, and may
  if (input !== 'open') stdin.end(input)
}

async function ended(child: CliHandle['child'], shown: string, timeLimitMs: number, stderr: Output): Promise<number> {
  let timedOut = false
  const limit = setTimeout(() => {
    timedOut = true
    child.kill('SIGKILL')
  }, timeLimitMs)
  const [code, signal] = (await once(child, 'close').finally(() => clearTimeout(limit))) as [
    number | null,
    NodeJS.Signals | null,
  ]
  if (timedOut) throw new Error(`${shown} did not end within ${timeLimitMs} ms; stderr: ${stderr.bytes}`)
  if (code !== null) return code
  if (signal === 'SIGKILL') return 137
  throw new Error(`${shown} was ended by ${signal}; stderr: ${stderr.bytes}`)
}

/** What a stream has brought so far, and who waits for what in it. */
class Output {
  readonly #chunks: Buffer[] = []
  readonly #changed = new EventTarget()

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#changed.dispatchEvent(new Event('change'))
    })
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  async when(pattern: RegExp, exitCode: Promise<number>, where: string): Promise<RegExpExecArray> {
    const end = exitCode.then(
      (code) => code,
      (error: Error) => error,
    )
    for (;;) {
      const change = once(this.#changed, 'change')
      const match = pattern.exec(this.bytes.toString())
      if (match !== null) return match
      const over = await Promise.race([change.then(() => undefined), end])
      const last = over === undefined ? null : pattern.exec(this.bytes.toString())
      if (last !== null) return last
      if (over instanceof Error) throw over
      if (over !== undefined) throw new Error(`${where}: ended with ${over} and no ${pattern} in: ${this.bytes}`)
    }
  }
}
