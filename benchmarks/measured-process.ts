import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { type MemorySamples, watchMemory } from './memory-samples.ts'

export interface ProcessUse {
  /** User and system time of the whole process, start-up included. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly memory: MemorySamples
}

export interface ProcessWork {
  readonly command: readonly string[]
  /** A file to read as standard input. Nothing by default. */
  readonly input?: string
  /** Reads the input through a pipe, from `cat`. */
  readonly inputByPipe?: boolean
  /** Output is thrown away by default. `compareWith`: piped into `cmp`, and one differing byte is a failure. */
  readonly output?: { readonly file: string } | { readonly compareWith: string } | { readonly pipeInto: string }
  readonly timeLimitSeconds?: number
  /** Exit codes that are no failure. */
  readonly accepts?: readonly number[]
}

/**
 * Runs one process to its end. Its CPU time is what bash's `time` says, that is getrusage of the ended child and of
 * nothing else, to a millisecond: the shell around it and the programs that it is piped to are not in it.
 */
export async function measureProcess(work: ProcessWork): Promise<ProcessUse> {
  const child = spawn('bash', ['-c', scriptOf(work), ...work.command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, to end all of it
    // Node 20 reads that file of certificates at each start, used or not: 50 ms on both sides of a comparison.
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: undefined,
      LC_ALL: 'C',
      IN: work.input ?? '/dev/null',
      ...outputPlace(work),
    },
  })
  const endGroup = () => process.kill(-(child.pid ?? 0), 'SIGKILL')
  const limit = setTimeout(endGroup, (work.timeLimitSeconds ?? 60) * 1000)
  process.once('exit', endGroup)
  const memory = watchMemory(child.pid ?? 0)
  const said = text(child.stderr as NodeJS.ReadableStream & AsyncIterable<Buffer>)
  const times = text(child.stdio[3] as NodeJS.ReadableStream & AsyncIterable<Buffer>)
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearTimeout(limit)
  process.off('exit', endGroup)
  const samples = memory.stop()
  if (code === null || !(work.accepts ?? [0]).includes(code)) {
    throw new Error(`${work.command.join(' ')}: ended with ${signal ?? code}: ${(await said).slice(0, 500)}`)
  }
  return { ...parseTimes(await times), memory: samples }
}

/** `time` writes to the standard error of the braces (3); the program's own goes to the real one (4). */
function scriptOf({ output, inputByPipe }: ProcessWork): string {
  const begin = 'set -o pipefail; TIMEFORMAT="%3U %3S %3R"; '
  const [before, from] = inputByPipe === true ? ['cat "$IN" | ', ''] : ['', ' <"$IN"']
  const run = (to: string) => `${before}{ time "$0" "$@" 2>&4${from}${to}; } 4>&2 2>&3`
  if (output === undefined) return begin + run(' >/dev/null')
  if ('file' in output) return begin + run(' >"$OUT"')
  if ('pipeInto' in output) return `${begin}${run('')} | ${output.pipeInto} >/dev/null`
  return `${begin}${run('')} | cmp - "$OUT" >&2`
}

function outputPlace({ output }: ProcessWork): { readonly OUT?: string } {
  if (output === undefined || 'pipeInto' in output) return {}
  return { OUT: 'file' in output ? output.file : output.compareWith }
}

function parseTimes(times: string) {
  const [user, system, wallSeconds] = times.trim().split(' ').map(Number)
  if (user === undefined || system === undefined || wallSeconds === undefined) throw new Error(`no times: ${times}`)
  return { cpuSeconds: user + system, wallSeconds }
}
