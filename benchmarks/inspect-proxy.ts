// node --import tsx benchmarks/inspect-proxy.ts [--quick] [--rounds N]: mosquitto_pub through `inspect proxy`, against
// mosquitto_pub alone, in one run on one machine. A run ends when the broker has read everything: when it logs the DISCONNECT.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { freePort } from '../test/support/network/free-port.ts'
import { describeMachine } from './machine.ts'
import { median } from './rounds.ts'

const root = join(import.meta.dirname, '..')
const lineBytes = 60
const topic = 'bench/lines'
const runLimitMs = 120_000

/** How the proxy is asked, and the least share of the direct rate that it must let through. */
const modes = [
  { name: '--quiet', args: ['--quiet'], least: 0.6 },
  { name: '--view none', args: ['--view', 'none'], least: 0.6 },
  { name: '--json', args: ['--json'], least: 0.25 },
] as const

interface Broker {
  readonly port: number
  /** Resolves when the broker says that this client has disconnected. */
  whenGone(clientId: string): Promise<void>
  readonly child: ChildProcess
}

async function startBroker(folder: string): Promise<Broker> {
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'log_dest stderr',
    'log_type notice',
    'log_type information',
  ]
  writeFileSync(config, [...lines, 'sys_interval 1', 'set_tcp_nodelay true', ''].join('\n'))
  const child = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const waiting = new Map<string, () => void>()
  const running = new Promise<void>((resolve) => waiting.set('running', resolve))
  createInterface(child.stderr).on('line', (line) => {
    const [, gone] = /Client (\S+) disconnected/.exec(line) ?? []
    waiting.get(gone ?? (/ running$/.test(line) ? 'running' : ''))?.()
  })
  await running
  const whenGone = (clientId: string) => new Promise<void>((resolve) => waiting.set(clientId, resolve))
  return { port, whenGone, child }
}

async function startProxy(to: number, args: readonly string[]): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort()
  const command = ['inspect', 'proxy', '--listen', `${port}`, '--to', `mqtt://127.0.0.1:${to}`, ...args]
  const nowhere = openSync('/dev/null', 'w')
  const child = spawn(process.execPath, [join(root, 'bin', 'run.js'), ...command], {
    stdio: ['ignore', nowhere, 'inherit'],
  })
  while (spawnSync('mosquitto_pub', ['-p', `${port}`, '-t', 'ready', '-n']).status !== 0) await pause(50)
  return { port, child }
}

/** Messages a second from the first byte to the broker's last. */
async function publish(broker: Broker, port: number, qos: number, input: string, messages: number): Promise<number> {
  const clientId = `bench${process.hrtime.bigint()}`
  const gone = broker.whenGone(clientId)
  const began = performance.now()
  const args = ['-p', `${port}`, '-i', clientId, '-t', topic, '-q', `${qos}`, '-l']
  const child = spawn('mosquitto_pub', args, { stdio: [openSync(input, 'r'), 'ignore', 'inherit'] })
  const tooLong = setTimeout(() => child.kill('SIGKILL'), runLimitMs)
  const [status] = (await once(child, 'close')) as [number | null]
  await gone
  clearTimeout(tooLong)
  if (status !== 0) throw new Error(`mosquitto_pub ended with ${status}`)
  return messages / ((performance.now() - began) / 1000)
}

/** PUBLISH packets that the broker has received since it began. */
function receivedBy({ port }: Broker): number {
  const args = ['-p', `${port}`, '-t', '$SYS/broker/publish/messages/received', '-C', '1', '-W', '5']
  return Number(spawnSync('mosquitto_sub', args, { encoding: 'utf8' }).stdout)
}

async function compare(broker: Broker, qos: number, messages: number, input: string, rounds: number): Promise<void> {
  for (const { name, args, least } of modes) {
    const proxy = await startProxy(broker.port, args)
    const rates: { direct: number; proxied: number }[] = []
    await pause(2500) // so that $SYS tells what was before
    const before = receivedBy(broker)
    for (let round = 0; round < rounds; round++) {
      const direct = await publish(broker, broker.port, qos, input, messages)
      rates.push({ direct, proxied: await publish(broker, proxy.port, qos, input, messages) })
    }
    await pause(2500)
    const lost = before + 2 * rounds * messages - receivedBy(broker)
    proxy.child.kill('SIGINT')
    await once(proxy.child, 'close')
    const [direct, proxied] = [median(rates.map((each) => each.direct)), median(rates.map((each) => each.proxied))]
    const share = median(rates.map((each) => each.proxied / each.direct))
    const verdict = lost !== 0 ? `LOST ${lost}` : share >= least ? 'met' : 'missed'
    say(`| ${qos} | ${name} | ${rounded(direct)} | ${rounded(proxied)} | ${share.toFixed(2)} | ${least} | ${verdict} |`)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, rounds: { type: 'string' } } })
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-proxy-'))
  const broker = await startBroker(folder)
  try {
    say(`${describeMachine()}\n\n| QoS | proxy | direct, messages a second | through the proxy | ratio | at least | |`)
    say('|--:|---|--:|--:|--:|--:|---|')
    for (const [qos, count] of [
      [0, 500_000],
      [1, 50_000],
    ] as const) {
      const messages = values.quick ? count / 10 : count
      const input = join(folder, `lines-${qos}`)
      writeFileSync(input, `${'x'.repeat(lineBytes - 1)}\n`.repeat(messages))
      await compare(broker, qos, messages, input, rounds)
    }
  } finally {
    broker.child.kill()
    rmSync(folder, { recursive: true })
  }
}

function rounded(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main()
