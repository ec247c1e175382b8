// How runs of the same thing vary here: loads a mosquitto of its own again and again, alike, and writes what each run measured into
// recorded-noise.json. `--load paced` or `--load saturate` makes one half of it and keeps the other.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { decodedRun } from '../../src/features/bench/compare/decoded-run.ts'
import { comparedMetrics } from '../../src/features/bench/compare/metrics.ts'
import { resultsOf } from '../../src/features/bench/compare/results-of.ts'
import { startMosquitto } from '../../test/support/brokers/mosquitto.ts'
import { describeMachine } from '../machine.ts'
import type { RecordedNoise } from './recorded-noise.ts'

const root = join(import.meta.dirname, '..', '..')
const path = join(import.meta.dirname, 'recorded-noise.json')
const loads = {
  paced: ['--rate', '1000', '-q', '1', '--duration', '2', '--warmup', '0.5'],
  saturate: ['-q', '1', '--duration', '2', '--warmup', '0.5'],
}

const { values } = parseArgs({ options: { load: { type: 'string' }, rounds: { type: 'string', default: '20' } } })
const recorded: RecordedNoise = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : { machine: '', command: {}, metrics: {} }
const metrics: Record<string, readonly number[]> = { ...recorded.metrics }
const command: Record<string, string> = { ...recorded.command }
const broker = await startMosquitto()
for (const [load, words] of Object.entries(loads)) {
  if (values.load !== undefined && values.load !== load) continue
  command[load] = `bench ${words.join(' ')}`
  const runs = Array.from({ length: Number(values.rounds) }, () => oneRun(words))
  for (const { name, kind, of } of comparedMetrics.filter((metric) => metric.kind === 'quantity')) {
    const measured = runs.flatMap((run) => of(run) ?? [])
    const isOfThisLoad = (name === 'throughput') === (load === 'saturate')
    if (kind === 'quantity' && isOfThisLoad && measured.length > 0) metrics[name] = measured
  }
}
await broker.stop()
writeFileSync(path, `${JSON.stringify({ machine: describeMachine(), command, metrics }, undefined, 2)}\n`)

function oneRun(words: readonly string[]) {
  const args = [join(root, 'bin', 'run.js'), 'bench', ...broker.flags, ...words, '--json', '--quiet']
  const { stdout } = spawnSync(process.execPath, args)
  const [result] = resultsOf(stdout, 'a run')
  if (result === undefined) throw new Error('a run has no result')
  return decodedRun({ result, start: result.runId })
}
