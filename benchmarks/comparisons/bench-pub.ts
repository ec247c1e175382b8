import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { benchJson, mustAgree } from '../bench-json.ts'
import type { Comparison } from '../comparison.ts'
import { type LoadRow, loadSection } from '../load-section.ts'
import { type LoadPlace, type LoadWay, withSink } from '../load-sides.ts'
import { measureProcess } from '../measured-process.ts'
import { alternate, type Contender } from '../rounds.ts'
import type { Target } from '../section.ts'
import { topic } from '../workload.ts'

interface Case {
  readonly qos: 0 | 1
  readonly messages: number
  readonly target: Target
  readonly mosquittoMessages: number
  readonly mqttJsMessages: number
}

const cases: readonly Case[] = [
  {
    qos: 0,
    messages: 10_000_000,
    target: { atMost: 0.25, stretch: 0.1 },
    mosquittoMessages: 1_000_000,
    mqttJsMessages: 200_000,
  },
  {
    qos: 1,
    messages: 4_000_000,
    target: { atMost: 0.8, stretch: 0.5 },
    mosquittoMessages: 60_000, // above 65,535 mosquitto_pub 2.0.11 stops early, with status 0
    mqttJsMessages: 100_000,
  },
]

/** `bench pub`, saturating, into a sink that costs nothing: each message stamped, and the sink's count is ours. */
export const benchPub: Comparison = {
  name: 'bench-pub',
  run: async (bench) => loadSection(await benchPubRows(bench, 'tcp')),
}

export async function benchPubRows(bench: Bench, way: LoadWay): Promise<readonly LoadRow[]> {
  const rows: LoadRow[] = []
  for (const each of cases) {
    const results = await alternate(await contenders(bench, way, each), bench.rounds)
    rows.push({ what: `QoS ${each.qos}`, results, target: each.target })
  }
  return rows
}

async function contenders(bench: Bench, way: LoadWay, each: Case): Promise<readonly Contender[]> {
  const { qos } = each
  const script = join(import.meta.dirname, '..', 'processes', 'mqttjs-publish.js')
  const lines = bench.messages(each.mosquittoMessages)
  const input = await bench.workload.lines(lines)
  const scripted = bench.messages(each.mqttJsMessages)
  const mosquitto = intoSink(bench, way, 'mosquitto_pub -l', lines, input, ({ mosquittos }) => [
    ...['mosquitto_pub', ...mosquittos, '-t', topic, '-q', String(qos), '-l'],
  ])
  if (way === 'tls') return [ours(bench, way, each), mosquitto]
  const mqttJs = intoSink(bench, way, 'MQTT.js in a script', scripted, undefined, ({ port }) => [
    ...[process.execPath, script, port, String(scripted), String(qos)],
  ])
  return [ours(bench, way, each), mosquitto, mqttJs]
}

function ours(bench: Bench, way: LoadWay, { qos, messages: promised }: Case): Contender {
  const messages = bench.messages(promised)
  const file = join(bench.workload.folder, 'bench.json')
  const run = () =>
    withSink(bench, way, async (place, counted) => {
      const words = ['bench', 'pub', ...place.ours, '-q', qos, '--messages', messages, '--json']
      // 10: one core is busy with us, which is what saturating into a sink means
      const use = await measureProcess({ command: bench.ours(...words), output: { file }, accepts: [0, 10] })
      const { sent, acked } = benchJson(file).messages ?? {}
      const came = await counted()
      mustAgree(`bench pub at QoS ${qos}`, { messages, sent, came, ...(qos > 0 && { acked }) })
      return use
    })
  return { name: '`bench pub`, every payload stamped', messages, run }
}

function intoSink(
  bench: Bench,
  way: LoadWay,
  name: string,
  messages: number,
  input: string | undefined,
  command: (place: LoadPlace) => readonly string[],
): Contender {
  const run = () =>
    withSink(bench, way, async (place, counted) => {
      const use = await measureProcess({ command: command(place), input })
      mustAgree(name, { messages, came: await counted() })
      return use
    })
  return { name, messages, run }
}
