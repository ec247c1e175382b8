import { join } from 'node:path'
import type { BenchResult } from '../../src/features/bench/events.ts'
import type { Bench } from '../bench.ts'
import { benchJson, mustAgree } from '../bench-json.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess } from '../measured-process.ts'
import { type Section, thousands, us } from '../section.ts'

const promised = 100_000
const shards = 4
const clients = 8

/** One load through mosquitto by one process, and by four shards on the same machine that are then merged. */
export const benchShards: Comparison = {
  name: 'bench-shards',
  async run(bench): Promise<Section> {
    const results = { 'one process': await byOne(bench), 'four shards, merged': await byShards(bench) }
    for (const of of Object.values(countsOf)) {
      mustAgree('shards', Object.fromEntries(Object.entries(results).map(([name, result]) => [name, of(result)])))
    }
    return {
      columns: ['', ...Object.keys(countsOf), 'ours, µs'],
      rows: Object.entries(results).map(([name, result]) => [
        name,
        ...Object.values(countsOf).map((of) => thousands(of(result) ?? Number.NaN)),
        us(result.generator.cpuMicrosecondsPerMessage ?? Number.NaN),
      ]),
      missed: [],
    }
  },
}

const countsOf: Readonly<Record<string, (result: BenchResult) => number | undefined>> = {
  connections: ({ connect }) => connect.connected,
  sent: ({ messages }) => messages?.sent,
  acknowledged: ({ messages }) => messages?.acked,
  arrived: ({ arrivals }) => arrivals?.received,
  lost: ({ arrivals }) => arrivals?.lost,
  duplicate: ({ arrivals }) => arrivals?.duplicate,
}

function loadOf(bench: Bench, port: number): readonly (string | number)[] {
  const messages = bench.messages(promised)
  return ['bench', '-h', '127.0.0.1', '-p', port, '-q', 1, '-c', clients, '--messages', messages, '--json']
}

async function byOne(bench: Bench): Promise<BenchResult> {
  const { port } = await bench.broker({ inflight: 1000 })
  return resultOf(bench, loadOf(bench, port), 'one.json')
}

async function byShards(bench: Bench): Promise<BenchResult> {
  const { port } = await bench.broker({ inflight: 1000 })
  const run = ['--run', `shards-${port}`]
  const files = Array.from({ length: shards }, (_, index) => `shard-${index + 1}.json`)
  await Promise.all(
    files.map((file, index) =>
      resultOf(bench, [...loadOf(bench, port), ...run, '--shard', `${index + 1}/${shards}`], file),
    ),
  )
  const { folder } = bench.workload
  return resultOf(bench, ['bench', 'merge', ...files.map((file) => join(folder, file)), '--json'], 'merged.json')
}

/** 10: one core is busy with us and the broker, which is what a load without a rate means. */
async function resultOf(bench: Bench, words: readonly (string | number)[], name: string): Promise<BenchResult> {
  const file = join(bench.workload.folder, name)
  await measureProcess({ command: bench.ours(...words), output: { file }, accepts: [0, 10] })
  return benchJson(file)
}
