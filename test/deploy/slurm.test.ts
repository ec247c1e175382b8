import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { BenchResult } from '../../src/features/bench/events.ts'
import { benchRun } from '../support/bench/bench-run.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { temporaryFolder } from '../support/program/temp-folder.ts'
import { type Slurm, slurmMissing, startSlurm } from '../support/scheduler/slurm.ts'
import { type TaskProgram, taskProgram } from '../support/scheduler/task-program.ts'

const nodes = 4
const messages = 2000
/** 10: this machine was too busy to measure anything; what was counted is right all the same. */
const counted = [0, 10]

describe('a load from four nodes of Slurm', { skip: slurmMissing() ?? mosquittoMissing() }, () => {
  const folder = temporaryFolder()
  let slurm: Slurm
  let broker: Mosquitto
  let program: TaskProgram

  before(async () => {
    program = taskProgram(folder)
    ;[slurm, broker] = await Promise.all([startSlurm(nodes), startMosquitto()])
  })

  after(async () => {
    await slurm?.stop()
    await broker?.stop()
  })

  const load = () => ['--publishers', '8', '--subscribers', '8', '-q', '1', '--rate', '2000']

  /** What srun's tasks wrote, by the number of the task, into a folder of their own. */
  function tasks(name: string, words: readonly string[]) {
    const results = join(folder, name)
    mkdirSync(results)
    const where = [`--output=${results}/%t.json`, `--error=${results}/%t.log`]
    const run = ['-N', String(nodes), '-n', String(nodes), '--immediate=20', '--time=2', ...where]
    const bench = ['mqtt-cli', 'bench', '-L', `mqtt://127.0.0.1:${broker.port}`, ...words, '--shard', 'auto', '--json']
    const env = { ...slurm.env, PATH: program.path }
    return { results, srun: runCli([], { program: ['srun', ...run, ...bench], env }) }
  }

  function resultsIn(place: string): BenchResult[] {
    const names = readdirSync(place).filter((name) => name.endsWith('.json'))
    const texts = names.sort().map((name) => readFileSync(join(place, name), 'utf8'))
    return texts.filter((text) => text !== '').map((text) => JSON.parse(text))
  }

  test('counts what one process counts', async () => {
    const alone = await benchRun(['-p', broker.port, ...load(), '--messages', String(messages)])
    const { results, srun } = tasks('four', [...load(), '--messages', String(messages)])

    assert.ok(counted.includes(await srun.exitCode), await srun.stderr())
    const parts = resultsIn(results)

    assert.deepEqual(
      parts.map(({ shard }) => [shard?.index, shard?.count]),
      [1, 2, 3, 4].map((index) => [index, nodes]),
    )
    assert.equal(new Set(parts.map(({ shard }) => shard?.run)).size, 1)
    const sums = counts(parts)
    assert.deepEqual(sums, {
      connections: 16,
      sent: messages,
      acked: messages,
      received: messages,
      lost: 0,
      duplicate: 0,
    })
    assert.deepEqual(sums, counts([alone.result]))
  })
})

function counts(results: readonly BenchResult[]) {
  const sum = (of: (result: BenchResult) => number | undefined) =>
    results.reduce((total, result) => total + (of(result) ?? Number.NaN), 0)
  return {
    connections: sum(({ connect }) => connect.connected),
    sent: sum((each) => each.messages?.sent),
    acked: sum((each) => each.messages?.acked),
    received: sum(({ arrivals }) => arrivals?.received),
    lost: sum(({ arrivals }) => arrivals?.lost),
    duplicate: sum(({ arrivals }) => arrivals?.duplicate),
  }
}
