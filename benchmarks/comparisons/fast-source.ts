import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { compareFiles } from '../compare-files.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess } from '../measured-process.ts'
import { alternate, type Result } from '../rounds.ts'
import { type Section, us, verdictOf } from '../section.ts'
import { SideProcess } from '../side-process.ts'
import { topic } from '../workload.ts'

const promised = 2_000_000
const overFloorMicroseconds = 0.25

/** `sub` from a source that never waits, into a file, beside the least that a reader in Node can do. */
export const fastSource: Comparison = {
  name: 'fast-source',
  async run(bench): Promise<Section> {
    const messages = bench.messages(promised)
    const source = new SideProcess('source', [messages])
    try {
      const port = await source.says('ready', 10)
      const floor = [process.execPath, join(import.meta.dirname, '..', 'processes', 'floor-subscribe.js')]
      const words = ['-h', '127.0.0.1', '-p', port, '-t', topic, '-C', String(messages)]
      const contenders = [
        contender(bench, 'mqtt-cli', messages, bench.ours('sub', ...words)),
        contender(bench, 'the floor', messages, [...floor, port, String(messages)]),
        contender(bench, 'mosquitto_sub', messages, ['mosquitto_sub', ...words]),
      ]
      return sectionOf(await alternate(contenders, bench.rounds))
    } finally {
      await source.stop()
    }
  },
}

function contender(bench: Bench, name: string, messages: number, command: readonly string[]) {
  const file = `${bench.workload.folder}/printed.txt`
  const run = async () => {
    const use = await measureProcess({ command, output: { file } })
    await compareFiles(file, await bench.workload.lines(messages))
    return use
  }
  return { name, messages, run }
}

function sectionOf(results: readonly Result[]): Section {
  const floor = results.find(({ name }) => name === 'the floor')?.cpuMicroseconds ?? Number.NaN
  const target = { atMost: floor + overFloorMicroseconds, stretch: floor * 1.5 }
  const rows = results.map(({ name, cpuMicroseconds, perSecond }) => {
    const judged = name === 'mqtt-cli' ? [us(target.atMost), verdictOf(cpuMicroseconds, target)] : ['', '']
    return [name, us(cpuMicroseconds), us(cpuMicroseconds - floor), ...judged, `${Math.round(perSecond / 1000)} k`]
  })
  const ours = results.find(({ name }) => name === 'mqtt-cli')?.cpuMicroseconds ?? Number.NaN
  const missed = ours > target.atMost ? ['sub from a source that never waits'] : []
  return { columns: ['', 'µs', 'over the floor', 'at most', 'verdict', 'messages/s'], rows, missed }
}
