// npm run bench:peers [-- --quick] [-- --only publish,memory] [-- --rounds N]: our clients against mosquitto's, in one
// run on one machine. Writes its tables into docs/performance.md; with --quick it only shows them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mosquittoMissing } from '../test/support/brokers/mosquitto.ts'
import { Bench } from './bench.ts'
import type { Comparison } from './comparison.ts'
import { benchPub } from './comparisons/bench-pub.ts'
import { benchPubsub } from './comparisons/bench-pubsub.ts'
import { benchShards } from './comparisons/bench-shards.ts'
import { benchSub } from './comparisons/bench-sub.ts'
import { benchTls } from './comparisons/bench-tls.ts'
import { benchWorkers } from './comparisons/bench-workers.ts'
import { brokers } from './comparisons/brokers.ts'
import { fastSource } from './comparisons/fast-source.ts'
import { idleConnections } from './comparisons/idle-connections.ts'
import { memory } from './comparisons/memory.ts'
import { oneShot } from './comparisons/one-shot.ts'
import { publish, publishSmallWindow } from './comparisons/publish.ts'
import { subscribe } from './comparisons/subscribe.ts'
import { transports } from './comparisons/transports.ts'
import { window } from './comparisons/window.ts'
import { describeMachine } from './machine.ts'
import { markdownTable, writeReport } from './report.ts'
import { Workload } from './workload.ts'

const comparisons: readonly Comparison[] = [
  ...[oneShot, publish, publishSmallWindow, window, subscribe, transports, brokers, fastSource, memory],
  ...[benchPub, benchSub, benchTls, benchWorkers, benchShards, benchPubsub, idleConnections],
]
/** It took 18 where other work kept both cores busy, before the load generators came to it. */
const timeLimitMinutes = 30

async function main(): Promise<void> {
  const options = readOptions()
  const missing = mosquittoMissing('mosquitto_pub', 'mosquitto_sub')
  if (missing !== undefined) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'mqtt-cli-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const bench = new Bench(new Workload(folder), options)
  const tables = new Map([['machine', describeMachine()]])
  say(`${describeMachine()}\n`)
  for (const { name, run } of options.chosen) {
    const section = await run(bench)
    await bench.stopBrokers()
    const table = markdownTable(section)
    tables.set(name, table)
    say(`${name}\n${table}\n`)
    if (section.missed.length > 0) say(`missed: ${section.missed.join('; ')}\n`)
  }
  if (options.writes) writeReport(tables)
}

function readOptions() {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string' } },
  })
  const names = values.only?.split(',')
  const unknown = names?.find((name) => !comparisons.some((comparison) => comparison.name === name))
  const known = comparisons.map(({ name }) => name)
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${known.join(', ')}`)
  return {
    chosen: comparisons.filter(({ name }) => names?.includes(name) ?? true),
    rounds: values.rounds === undefined ? (values.quick ? 1 : 5) : Number(values.rounds),
    scale: values.quick ? 0.1 : 1,
    writes: values.quick !== true,
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

const limit = setTimeout(
  () => {
    process.stderr.write(`not done after ${timeLimitMinutes} minutes\n`)
    process.exit(1)
  },
  timeLimitMinutes * 60 * 1000,
)
limit.unref()

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1) // brokers and clients that still run end with us
})
