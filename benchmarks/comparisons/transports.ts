import { cpuSection, type PeerRow } from '../against-peer.ts'
import type { Bench } from '../bench.ts'
import { type BrokerOverAll, brokerOverAll, type Way } from '../broker-over-all.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess, type ProcessUse } from '../measured-process.ts'
import { alternate, type Contender } from '../rounds.ts'
import type { Section, Target } from '../section.ts'
import { SideProcess } from '../side-process.ts'
import { topic } from '../workload.ts'
import { measurePublish } from './publish-run.ts'

const promised = { pub: [500_000, 200_000, 100_000], sub: [300_000, 100_000] } as const
const cases = [
  ...([0, 1, 2] as const).map((qos) => ({ command: 'pub', qos, messages: promised.pub[qos] }) as const),
  ...([0, 1] as const).map((qos) => ({ command: 'sub', qos, messages: promised.sub[qos] }) as const),
]
type Case = (typeof cases)[number]
/** mosquitto_pub 2.0.11 stops early, with status 0, somewhere above 65,535 lines at QoS 1 and 2. */
const mostForMosquittoPub = 60_000

/** Over TLS, against mosquitto's clients over TLS. */
export const overTls: Comparison = {
  name: 'tls',
  run: (bench) =>
    compare(bench, ['tls'], { atMost: 0.5, stretch: 0.35 }, (broker, each) => mosquittos(bench, broker, each)),
}

/** Over WebSocket, against ourselves over what carries it. */
export const overWebSocket: Comparison = {
  name: 'websocket',
  async run(bench) {
    const target = { atMost: 1.6, stretch: 1.3 }
    const section = await compare(bench, ['ws', 'wss'], target, (broker, each, way) =>
      ours(bench, broker, each, way === 'wss' ? 'tls' : 'tcp'),
    )
    const columns = section.columns.map((column) => column.replaceAll('mosquitto', 'without WebSocket'))
    return { ...section, columns }
  },
}

async function compare(
  bench: Bench,
  ways: readonly Way[],
  target: Target,
  peerOf: (broker: BrokerOverAll, each: Case, way: Way) => Promise<Contender>,
): Promise<Section> {
  const broker = await brokerOverAll(bench)
  const rows: PeerRow[] = []
  for (const way of ways) {
    for (const each of cases) {
      const contenders = [await ours(bench, broker, each, way), await peerOf(broker, each, way)]
      const [first, second] = await alternate(contenders, bench.rounds)
      const what = `\`${each.command === 'pub' ? 'pub -l' : 'sub'}\` over ${way}, QoS ${each.qos}`
      rows.push({ what, ours: first!, peer: second!, target })
    }
  }
  return cpuSection(rows)
}

function ours(bench: Bench, broker: BrokerOverAll, each: Case, way: Way): Promise<Contender> {
  const program = bench.ours(each.command, ...broker.ours(way))
  return contender(bench, broker, each, bench.messages(each.messages), program)
}

function mosquittos(bench: Bench, broker: BrokerOverAll, each: Case): Promise<Contender> {
  const all = bench.messages(each.messages)
  const messages = each.command === 'pub' && each.qos > 0 ? Math.min(all, mostForMosquittoPub) : all
  return contender(bench, broker, each, messages, [`mosquitto_${each.command}`, ...broker.mosquittos('tls')])
}

async function contender(
  bench: Bench,
  { port }: BrokerOverAll,
  { command, qos }: Case,
  messages: number,
  program: readonly string[],
): Promise<Contender> {
  const words = [...program, '-t', topic, '-q', `${qos}`]
  const input = await bench.workload.lines(messages)
  const run =
    command === 'pub'
      ? () => measurePublish({ command: [...words, '-l'], port, messages, input })
      : () => measureSubscribe([...words, '-C', `${messages}`], port, messages, qos, input)
  return { name: program[0] ?? '', messages, run }
}

/** Every byte that is printed is compared. */
async function measureSubscribe(
  command: readonly string[],
  port: number,
  messages: number,
  qos: number,
  expected: string,
): Promise<ProcessUse> {
  const feeder = new SideProcess('feeder', [port, messages, qos])
  try {
    await feeder.says('ready', 10)
    return await measureProcess({ command, output: { compareWith: expected } })
  } finally {
    await feeder.stop()
  }
}
