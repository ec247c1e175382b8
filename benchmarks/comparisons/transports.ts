import type { Bench } from '../bench.ts'
import { type BrokerOverAll, brokerOverAll, type Way, ways } from '../broker-over-all.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess, type ProcessUse } from '../measured-process.ts'
import { alternate, type Contender, type Result } from '../rounds.ts'
import { type Target, times, us, verdictOf } from '../section.ts'
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

/** What the CPU of a way is held against; nothing for those that others are held against. */
const targets: Partial<Record<Way, { readonly than: 'mosquitto' | Way; readonly target: Target }>> = {
  tls: { than: 'mosquitto', target: { atMost: 0.5, stretch: 0.35 } },
  ws: { than: 'tcp', target: { atMost: 1.6, stretch: 1.3 } },
  wss: { than: 'tls', target: { atMost: 1.6, stretch: 1.3 } },
}
/** Of the rate over TCP, unless the broker is the limit. */
const leastRate = 0.8

type Results = Readonly<Record<Way | 'mosquitto', Result>>

/** Ours over every transport, and mosquitto's clients over TLS, in turns. */
export const transports: Comparison = {
  name: 'transports',
  async run(bench) {
    const broker = await brokerOverAll(bench)
    const rows: string[][] = []
    const missed: string[] = []
    for (const each of cases) {
      const results = await measured(bench, broker, each)
      for (const way of ['mosquitto', ...ways] as const) {
        const row = rowOf(each, way, results)
        rows.push(row)
        if (row.includes('MISSED')) missed.push(row[0] ?? '')
      }
    }
    return { columns, rows, missed }
  },
}

async function measured(bench: Bench, broker: BrokerOverAll, each: Case): Promise<Results> {
  const contenders = [mosquittos(bench, broker, each), ...ways.map((way) => ours(bench, broker, each, way))]
  const results = await alternate(await Promise.all(contenders), bench.rounds)
  return Object.fromEntries(['mosquitto', ...ways].map((name, index) => [name, results[index]!])) as Results
}

const columns = [
  ...['', 'CPU, µs', '× mosquitto over tls', '× ours over tcp', 'wanted', 'verdict'],
  ...['messages/s', '× ours over tcp', 'at least', 'verdict'],
]

function rowOf({ command, qos }: Case, way: Way | 'mosquitto', results: Results): string[] {
  const name = command === 'pub' ? 'pub -l' : 'sub'
  const { cpuMicroseconds, perSecond } = results[way]
  const rate = perSecond / results.tcp.perSecond
  const isJudged = way !== 'mosquitto' && way !== 'tcp'
  return [
    way === 'mosquitto' ? `mosquitto_${command} over tls, QoS ${qos}` : `\`${name}\` over ${way}, QoS ${qos}`,
    us(cpuMicroseconds),
    times(cpuMicroseconds / results.mosquitto.cpuMicroseconds),
    times(cpuMicroseconds / results.tcp.cpuMicroseconds),
    ...cpuVerdict(way, results),
    `${Math.round(perSecond / 1000)} k`,
    times(rate),
    isJudged ? times(leastRate) : '',
    isJudged ? (rate < leastRate ? 'MISSED' : 'met') : '',
  ]
}

function cpuVerdict(way: Way | 'mosquitto', results: Results): readonly [string, string] {
  const wanted = way === 'mosquitto' ? undefined : targets[way]
  if (wanted === undefined) return ['', '']
  const ratio = results[way].cpuMicroseconds / results[wanted.than].cpuMicroseconds
  return [`${times(wanted.target.atMost)} ${wanted.than}`, verdictOf(ratio, wanted.target)]
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
