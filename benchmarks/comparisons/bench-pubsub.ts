import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { benchJson, mustAgree } from '../bench-json.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess } from '../measured-process.ts'
import { median } from '../rounds.ts'
import { type Section, us } from '../section.ts'

const promised = { 0: 500_000, 1: 200_000 } as const
/** The kernel's unit of CPU time in /proc on every Linux there is. */
const ticksPerSecond = 100

interface Shares {
  /** CPU seconds; ours while measuring, without the start of the program. */
  readonly ours: number
  readonly broker: number
  readonly seconds: number
}

/** `bench pubsub`, saturating, through mosquitto: who is the limit, the broker or the generator? */
export const benchPubsub: Comparison = {
  name: 'bench-pubsub',
  async run(bench): Promise<Section> {
    const rows: (readonly string[])[] = []
    const missed: string[] = []
    for (const qos of [0, 1] as const) {
      const messages = bench.messages(promised[qos])
      const rounds: Shares[] = []
      for (let round = 0; round < bench.rounds; round++) rounds.push(await measureRound(bench, qos, messages))
      const ours = median(rounds.map((each) => each.ours))
      const broker = median(rounds.map((each) => each.broker))
      const seconds = median(rounds.map((each) => each.seconds))
      if (ours >= broker) missed.push(`bench pubsub at QoS ${qos}: the broker is not the limit`)
      rows.push([
        `QoS ${qos}`,
        ...[us((ours * 1e6) / messages), us((broker * 1e6) / messages)],
        ...[percent(ours / seconds), percent(broker / seconds)],
        ours < broker ? 'the broker' : 'WE',
        `${Math.round(messages / seconds / 1000)} k`,
      ])
    }
    return { columns: ['', 'ours, µs', 'broker, µs', 'ours', 'broker', 'the limit', 'messages/s'], rows, missed }
  },
}

async function measureRound(bench: Bench, qos: 0 | 1, messages: number): Promise<Shares> {
  const broker = await bench.broker({ inflight: 1000 })
  const file = join(bench.workload.folder, 'bench.json')
  const words = ['bench', '-h', '127.0.0.1', '-p', broker.port, '-q', qos, '--messages', messages, '--json']
  const before = cpuSecondsOf(broker.pid)
  await measureProcess({ command: bench.ours(...words), output: { file }, accepts: [0, 10] })
  const after = cpuSecondsOf(broker.pid)
  await bench.stopBrokers()
  const { arrivals, messages: counts, measuredSeconds, generator } = benchJson(file)
  mustAgree(`bench at QoS ${qos}`, { messages, sent: counts?.sent, received: arrivals?.received })
  return { ours: (generator.cpu ?? 0) * measuredSeconds, broker: after - before, seconds: measuredSeconds }
}

/** User and system time of a process that still runs; its name, in brackets before them, may have blanks in it. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

function percent(share: number): string {
  return `${Math.round(share * 100)} % of a core`
}
