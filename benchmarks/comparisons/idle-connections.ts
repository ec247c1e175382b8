import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import type { Comparison } from '../comparison.ts'
import { median } from '../rounds.ts'
import { type Section, thousands, verdictOf } from '../section.ts'
import { SideProcess } from '../side-process.ts'

/** Also for a quick look: among few, what the process itself needs would count for much. */
const connections = 10_000
const memoryTarget = { atMost: 8000, stretch: 6000 }
/** Verdicts are of what is better when smaller: the time for each. */
const timeTarget = { atMost: 1 / 5000, stretch: 1 / 8000 }
/** After the last CONNACK: what connecting left behind has had its chance to go. */
const settleMs = 1000

interface Client {
  readonly what: string
  command(port: string, count: number): readonly string[]
}

interface Held {
  readonly residentBytes: number
  readonly perSecond: number
}

/** What an idle connection costs, seen from outside: resident memory with so many held less that with one. */
export const idleConnections: Comparison = {
  name: 'conn',
  async run(bench): Promise<Section> {
    const rows: string[][] = []
    const missed: string[] = []
    for (const client of clientsOf(bench)) {
      const { bytesEach, perSecond } = await measure(client, bench.rounds)
      const verdicts = [verdictOf(bytesEach, memoryTarget), verdictOf(1 / perSecond, timeTarget)] as const
      const isOurs = client.what !== floor
      const judged = (index: 0 | 1) => (isOurs ? verdicts[index] : '')
      rows.push([client.what, kilobytes(bytesEach), judged(0), thousands(perSecond), judged(1)])
      if (isOurs && verdicts.includes('MISSED')) missed.push(client.what)
    }
    const columns = ['', 'memory each', 'at most 8 KB', 'connects a second', 'at least 5,000']
    return { columns, rows, missed }
  },
}

const floor = 'the floor'

function clientsOf(bench: Bench): readonly Client[] {
  const script = join(import.meta.dirname, '..', 'processes', 'floor-connections.js')
  return [
    {
      what: `\`bench conn -c ${thousands(connections)}\``,
      command: (port, count) =>
        bench.ours('bench', 'conn', '-h', '127.0.0.1', '-p', port, '-c', count, '--duration', 60),
    },
    { what: floor, command: (port, count) => [process.execPath, script, port, String(count)] },
  ]
}

async function measure(client: Client, rounds: number) {
  const one = await hold(client, 1)
  const held: Held[] = []
  for (let round = 0; round < rounds; round++) held.push(await hold(client, connections))
  return {
    bytesEach: (median(held.map((each) => each.residentBytes)) - one.residentBytes) / (connections - 1),
    perSecond: median(held.map((each) => each.perSecond)),
  }
}

/** Each time a sink of its own: ports of the last round's connections to it are not free again for a minute. */
async function hold(client: Client, count: number): Promise<Held> {
  const sink = new SideProcess('idle-sink', [count])
  const port = await sink.says('ready', 10)
  const [command = '', ...args] = client.command(port, count)
  const child = spawn(command, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    const perSecond = Number(await sink.says('all', 60))
    await setTimeout(settleMs)
    return { perSecond, residentBytes: residentBytesOf(child.pid ?? 0) }
  } finally {
    child.kill('SIGKILL')
    await ended
    await sink.stop()
  }
}

function residentBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`
}
