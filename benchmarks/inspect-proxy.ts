// node --import tsx benchmarks/inspect-proxy.ts [--quick] [--rounds N] [--only mosquitto/tcp,NATS/tls,views]: mosquitto_pub through
// `inspect proxy`, straight to the broker, and through two sockets piped into each other, in turns, in one run on one machine.
// The whole run writes its tables into docs/performance.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { markdownTable, writeReport } from './report.ts'
import { median } from './rounds.ts'
import { type Section, thousands, us } from './section.ts'
import { type Over, type ProxiedBroker, type ProxiedKind, proxiedKinds } from './through-proxy/proxied-brokers.ts'
import { type PublishRun, publishThrough } from './through-proxy/publish-through.ts'
import { type StartedProxy, startFloor, startProxy } from './through-proxy/started-proxy.ts'

const lineBytes = 60
/** What `--quiet` lets through of the direct rate, and what it would be a joy to. */
const aim = { least: 0.8, stretch: 0.85 }
/** For mosquitto over TCP, what showing costs. */
const views = [
  { flags: ['--view', 'none'], least: 0.6 },
  { flags: ['--json'], least: 0.25 },
] as const

interface Cell {
  readonly broker: ProxiedBroker
  readonly qos: number
  readonly messages: number
  readonly input: string
  readonly rounds: number
}

/** Medians over the rounds; a ratio is that of two runs next to each other. */
interface Compared {
  readonly direct: PublishRun
  readonly proxied: PublishRun
  readonly ratio: number
}

async function main(): Promise<void> {
  process.setMaxListeners(100) // a broker for each row, and each is ended with this process at the latest
  const options = { quick: { type: 'boolean' }, rounds: { type: 'string' }, only: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-proxy-'))
  const only = values.only?.split(',')
  const isChosen = (name: string) => only?.includes(name) ?? true
  const rows: string[][] = []
  const viewRows: string[][] = []
  try {
    for (const kind of proxiedKinds) {
      for (const over of ['tcp', 'tls'] as const) {
        const cells = { kind, over, rounds, folder, scale: values.quick ? 0.1 : 1 }
        if (isChosen(`${kind.name}/${over}`)) rows.push(...(await throughOne(cells)))
        if (isChosen('views') && kind.name === 'mosquitto' && over === 'tcp')
          viewRows.push(...(await throughViews(cells)))
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const tables = new Map([
    ['proxy', markdownTable(sectionOf(rows))],
    ['proxy-views', markdownTable(viewSectionOf(viewRows))],
  ])
  for (const table of tables.values()) process.stdout.write(`${table}\n\n`)
  if (!values.quick && only === undefined)
    for (const page of ['performance', 'inspect-proxy']) writeReport(tables, page)
}

interface Cells {
  readonly kind: ProxiedKind
  readonly over: Over
  readonly rounds: number
  readonly folder: string
  readonly scale: number
}

async function throughOne(cells: Cells): Promise<string[][]> {
  const rows: string[][] = []
  await eachCell(cells, async (cell) => {
    const proxy = await startProxy(cell.broker, cells.over, ['--quiet'])
    const floor = await startFloor(cell.broker, cells.over)
    const [ours, least] = await compare(cell, [proxy, floor])
    for (const each of [proxy, floor]) await each.stop()
    rows.push(rowOf(`${cells.kind.name}, ${cells.over}`, cell.qos, ours!, least!))
    process.stderr.write(`${rows.at(-1)?.join('  ')}\n`)
  })
  return rows
}

async function throughViews(cells: Cells): Promise<string[][]> {
  const rows: string[][] = []
  await eachCell(cells, async (cell) => {
    for (const { flags, least } of views) {
      const proxy = await startProxy(cell.broker, cells.over, flags)
      const [shown] = await compare(cell, [proxy])
      await proxy.stop()
      const { direct, proxied, ratio } = shown!
      const rates = [thousands(direct.perSecond), thousands(proxied.perSecond), ratio.toFixed(2)]
      rows.push([`\`${flags.join(' ')}\``, `${cell.qos}`, ...rates, `${least}`, ratio < least ? 'MISSED' : 'met'])
      process.stderr.write(`${rows.at(-1)?.join('  ')}\n`)
    }
  })
  return rows
}

/** A broker of its own for each QoS: what one leaves behind weighs on nobody. */
async function eachCell({ kind, over, rounds, folder, scale }: Cells, work: (cell: Cell) => Promise<void>) {
  for (const [qos, promised] of kind.messages.entries()) {
    const broker = await kind.start(over)
    const messages = promised * scale
    const input = join(folder, `lines-${messages}`)
    writeFileSync(input, `${'x'.repeat(lineBytes - 1)}\n`.repeat(messages))
    try {
      await work({ broker, qos, messages, input, rounds })
    } finally {
      await broker.stop()
    }
  }
}

async function compare(cell: Cell, proxies: readonly StartedProxy[]): Promise<readonly Compared[]> {
  for (const way of proxies) await publishThrough({ ...cell, way }) // V8 has compiled what it will
  const runs = proxies.map(() => [] as { direct: PublishRun; proxied: PublishRun }[])
  for (let round = 0; round < cell.rounds; round++) {
    const direct = await publishThrough({ ...cell, way: { port: cell.broker.port } })
    for (const [index, way] of proxies.entries()) {
      runs[index]?.push({ direct, proxied: await publishThrough({ ...cell, way }) })
    }
  }
  return runs.map((pairs) => ({
    direct: medianRun(pairs.map(({ direct }) => direct)),
    proxied: medianRun(pairs.map(({ proxied }) => proxied)),
    ratio: median(pairs.map(({ direct, proxied }) => proxied.perSecond / direct.perSecond)),
  }))
}

function medianRun(runs: readonly PublishRun[]): PublishRun {
  return {
    perSecond: median(runs.map((run) => run.perSecond)),
    allMicroseconds: median(runs.map((run) => run.allMicroseconds)),
    proxyMicroseconds: median(runs.map((run) => run.proxyMicroseconds)),
  }
}

function rowOf(what: string, qos: number, ours: Compared, floor: Compared): string[] {
  const { direct, proxied, ratio } = ours
  const verdict = ratio < aim.least ? 'MISSED' : ratio < aim.stretch ? 'met' : 'stretch'
  return [
    what,
    `${qos}`,
    thousands(direct.perSecond),
    thousands(proxied.perSecond),
    ratio.toFixed(2),
    `${aim.least}`,
    verdict,
    floor.ratio.toFixed(2),
    us(direct.allMicroseconds),
    us(proxied.allMicroseconds),
    us(proxied.proxyMicroseconds),
    us(floor.proxied.proxyMicroseconds),
  ]
}

function sectionOf(rows: readonly string[][]): Section {
  const rates = ['direct, messages/s', 'through `--quiet`', 'ratio', 'at least', 'verdict', 'the floor']
  const cpu = ['CPU of all, direct, µs', 'through the proxy', 'the proxy alone', 'the floor alone']
  return { columns: ['', 'QoS', ...rates, ...cpu], rows, missed: [] }
}

function viewSectionOf(rows: readonly string[][]): Section {
  const columns = ['', 'QoS', 'direct, messages/s', 'through the proxy', 'ratio', 'at least', 'verdict']
  return { columns, rows, missed: [] }
}

await main()
