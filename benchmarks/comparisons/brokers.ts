import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BrokerKind, brokerKinds } from '../../test/support/brokers/broker-table.ts'
import type { OtherBroker } from '../../test/support/brokers/other-broker.ts'
import type { Bench } from '../bench.ts'
import { compareFiles } from '../compare-files.ts'
import type { Comparison } from '../comparison.ts'
import { measureProcess, type ProcessUse } from '../measured-process.ts'
import { alternate, type Contender, type Result } from '../rounds.ts'
import { type Section, thousands, times, us } from '../section.ts'
import { SideProcess } from '../side-process.ts'
import { topic } from '../workload.ts'
import { measurePublish } from './publish-run.ts'

/** What every broker that can be installed takes in a few seconds. */
const promised = 20_000
const leastShare = 0.9
/** Retained: who prints it has subscribed, whatever broker it is. */
const firstLine = { topic: 'bench/first', text: 'subscribed' }
const subscribeLimitMs = 10_000
const lookAgainMs = 2

interface Row {
  readonly what: string
  readonly ours: Result
  readonly peer: Result
}

/** Rates beside mosquitto's clients through each broker at hand: the broker is the limit, and nobody may make it wait. */
export const brokers: Comparison = {
  name: 'brokers',
  async run(bench): Promise<Section> {
    const rows: Row[] = []
    for (const kind of brokerKinds) if (isAtHand(kind)) rows.push(...(await through(bench, kind)))
    return sectionOf(rows)
  },
}

function isAtHand({ missing, isScripted }: BrokerKind): boolean {
  return missing === undefined && isScripted !== true
}

async function through(bench: Bench, kind: BrokerKind): Promise<readonly Row[]> {
  const broker = await started(bench, kind)
  try {
    const rows: Row[] = []
    for (const command of ['sub', 'pub'] as const) {
      for (const qos of kind.qos.filter((each) => each > 0)) {
        const [ours, peer] = await alternate(await contenders(bench, broker, command, qos), bench.rounds)
        rows.push({
          what: `${kind.name}: \`${command === 'sub' ? 'sub' : 'pub -l'} -q ${qos}\``,
          ours: ours!,
          peer: peer!,
        })
      }
    }
    return rows
  } finally {
    await broker.stop()
  }
}

/** With Nagle's algorithm, its default, mosquitto makes whoever publishes wait, and then the subscriber waits for that. */
async function started(bench: Bench, kind: BrokerKind): Promise<OtherBroker> {
  if (kind.name !== 'mosquitto') return kind.start()
  const { port, stop } = await bench.broker({ inflight: 20 })
  return { port, stop, login: [] }
}

async function contenders(
  bench: Bench,
  broker: OtherBroker,
  command: 'pub' | 'sub',
  qos: number,
): Promise<readonly [Contender, Contender]> {
  const messages = bench.messages(promised)
  const lines = await bench.workload.lines(messages)
  const words = ['-h', '127.0.0.1', '-p', `${broker.port}`, '-t', topic, '-q', `${qos}`, ...broker.login]
  const contender = (program: readonly string[]): Contender => ({
    name: program[0] ?? '',
    messages,
    run: () =>
      command === 'pub'
        ? measurePublish({
            command: [...program, ...words, '-l'],
            port: broker.port,
            user: broker.login[1],
            messages,
            input: lines,
          })
        : measureSubscribe(bench, broker, {
            command: [...program, ...words, '-t', firstLine.topic],
            qos,
            messages,
            lines,
          }),
  })
  return [contender(bench.ours(command)), contender([`mosquitto_${command}`])]
}

/** From the first message that is published to the end of the client: what was before is not the broker's pace. */
async function measureSubscribe(
  bench: Bench,
  { port, login }: OtherBroker,
  { command, qos, messages, lines }: { command: readonly string[]; qos: number; messages: number; lines: string },
): Promise<ProcessUse> {
  const file = join(bench.workload.folder, 'printed.txt')
  const expected = join(bench.workload.folder, 'expected.txt')
  await writeFile(file, '')
  await retain(port, login)
  const measured = measureProcess({ command: [...command, '-C', `${messages + 1}`], output: { file } })
  await untilSubscribed(file)
  const feeder = new SideProcess('feeder', [port, messages, qos, 'now', ...login.slice(1, 2)])
  try {
    await feeder.says('ready', 10)
    const began = performance.now()
    const use = await measured
    const wallSeconds = (performance.now() - began) / 1000
    await writeFile(expected, `${firstLine.text}\n${await readFile(lines, 'latin1')}`)
    await compareFiles(file, expected)
    return { ...use, wallSeconds }
  } finally {
    await feeder.stop()
  }
}

/** Our own broker runs in this process: nothing here may block it. */
async function retain(port: number, login: readonly string[]): Promise<void> {
  const words = ['-h', '127.0.0.1', '-p', `${port}`, ...login, '-q', '1', '-r']
  await promisify(execFile)('mosquitto_pub', [...words, '-t', firstLine.topic, '-m', firstLine.text])
}

async function untilSubscribed(file: string): Promise<void> {
  const deadline = performance.now() + subscribeLimitMs
  while ((await stat(file)).size === 0) {
    if (performance.now() > deadline) throw new Error('nobody subscribed')
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
}

function sectionOf(rows: readonly Row[]): Section {
  const judged = rows.map((row) => ({ ...row, share: row.ours.perSecond / row.peer.perSecond }))
  return {
    columns: ['', 'mqtt-cli, messages/s', 'mosquitto', 'ratio', 'at least', 'verdict', 'mqtt-cli, µs', 'mosquitto'],
    rows: judged.map(({ what, ours, peer, share }) => [
      what,
      thousands(ours.perSecond),
      thousands(peer.perSecond),
      times(share),
      times(leastShare),
      isMissed(share) ? 'MISSED' : 'met',
      us(ours.cpuMicroseconds),
      us(peer.cpuMicroseconds),
    ]),
    missed: judged.filter(({ share }) => isMissed(share)).map(({ what }) => what),
  }
}

function isMissed(share: number): boolean {
  return share < leastShare
}
