import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { benchJson, mustAgree } from '../bench-json.ts'
import type { Comparison } from '../comparison.ts'
import { type LoadPlace, withSink } from '../load-sides.ts'
import { measureProcess } from '../measured-process.ts'
import { median } from '../rounds.ts'
import { type Section, times, us, verdictOf } from '../section.ts'

/** Each thread warms up by itself: with a tenth of these that would be most of what is measured. */
const promised = { 0: 30_000_000, 1: 10_000_000 } as const
const publishers = 4
/** Of what a core does alone, nine tenths are left when others work beside it. */
const target = { atMost: 1 / 0.9, stretch: 1 / 0.95 }

interface Way {
  readonly what: string
  readonly processes: number
  readonly workers: number
}

/** As many as divide the publishers evenly. */
const cores = availableParallelism() >= publishers ? publishers : 2
/** The second shares nothing but the machine: what it loses beside the first is not lost by threads. */
const ways: readonly Way[] = [
  { what: 'one thread', processes: 1, workers: 1 },
  { what: `${cores} processes`, processes: cores, workers: 1 },
  { what: `\`--workers ${cores}\``, processes: 1, workers: cores },
]

/** `bench pub` in one thread, in several and in several processes: what a message costs while measuring. */
export const benchWorkers: Comparison = {
  name: 'bench-workers',
  async run(bench): Promise<Section> {
    const rows: (readonly string[])[] = []
    const missed: string[] = []
    for (const qos of [0, 1] as const) {
      const costs = await alternateWays(bench, qos)
      const [, separate = Number.NaN, together = Number.NaN] = costs
      const verdict = verdictOf(together / separate, target)
      if (verdict === 'MISSED') missed.push(`bench pub at QoS ${qos} with ${cores} workers`)
      for (const [index, { what, workers }] of ways.entries()) {
        const judged = workers > 1 ? [times(together / separate), verdict] : ['', '']
        rows.push([`QoS ${qos}, ${what}`, us(costs[index] ?? Number.NaN), ...judged])
      }
    }
    return { columns: ['', 'µs', 'of the processes', `at most ${times(target.atMost)}`], rows, missed }
  },
}

/** Medians over the rounds, in which they take turns. */
async function alternateWays(bench: Bench, qos: 0 | 1): Promise<readonly number[]> {
  const costs = ways.map(() => [] as number[])
  for (let round = 0; round < bench.rounds; round++) {
    for (const [index, way] of ways.entries()) costs[index]?.push(await costOf(bench, qos, way))
  }
  return costs.map(median)
}

/** Microseconds of CPU, without the start of programs and threads. Processes have equal parts of the load. */
function costOf(bench: Bench, qos: 0 | 1, { processes, workers }: Way): Promise<number> {
  const messages = Math.ceil(bench.messages(promised[qos]) / processes) * processes
  return withSink(bench, 'tcp', async (place, counted) => {
    const each = ['-q', qos, '-c', publishers / processes, '--workers', workers, '--messages', messages / processes]
    const parts = await Promise.all(
      Array.from({ length: processes }, (_, index) => measurePart(bench, place, [...each, '--run', index], index)),
    )
    let came = 0
    for (let gone = 0; gone < publishers; gone++) came += await counted()
    const sent = parts.reduce((sum, part) => sum + part.sent, 0)
    mustAgree(`bench pub, ${processes} processes and ${workers} workers`, { messages, sent, came })
    return (parts.reduce((sum, part) => sum + part.cpuSeconds, 0) * 1e6) / messages
  })
}

async function measurePart(bench: Bench, { ours }: LoadPlace, load: readonly (string | number)[], index: number) {
  const file = join(bench.workload.folder, `bench-${index}.json`)
  const words = ['bench', 'pub', ...ours, ...load, '--json']
  await measureProcess({ command: bench.ours(...words), output: { file }, accepts: [0, 10] })
  const { messages, generator, measuredSeconds } = benchJson(file)
  return { sent: messages?.sent ?? 0, cpuSeconds: (generator.cpu ?? 0) * measuredSeconds }
}
