import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const driver = join(import.meta.dirname, '..', '..', 'cli', 'fixture', 'on-terminal.py')
const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')

/** Why there is no terminal to run on, or undefined: made for `{ skip: noTerminal }`. */
export const noTerminal =
  spawnSync('python3', ['--version']).status === 0 ? undefined : 'python3 is missing, which makes a terminal'

export interface TerminalRun {
  readonly code: number
  /** Everything on stdout and stderr, which are one terminal. */
  readonly shown: string
}

/** The built program on a terminal of its own; its stdout and stderr are that terminal. */
export async function runOnTerminal(args: readonly string[]): Promise<TerminalRun> {
  const neverAsked = 'a question that nobody asks'
  const child = spawn('python3', [driver, neverAsked, '', process.execPath, program, ...args])
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  return JSON.parse(Buffer.concat(chunks).toString()) as TerminalRun
}
