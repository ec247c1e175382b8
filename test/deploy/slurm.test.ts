import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { BenchResult } from '../../src/features/bench/events.ts'
import { type BenchRun, benchRun } from '../support/bench/bench-run.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { temporaryFolder } from '../support/program/temp-folder.ts'
import { type Slurm, slurmMissing, startSlurm } from '../support/scheduler/slurm.ts'
import { shownTask, type TaskProgram, taskProgram } from '../support/scheduler/task-program.ts'

const script = join(import.meta.dirname, '..', '..', 'deploy', 'slurm', 'bench.sbatch')
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
  function tasks(name: string, words: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const results = join(folder, name)
    mkdirSync(results)
    const where = [`--output=${results}/%t.json`, `--error=${results}/%t.log`]
    const run = ['-N', String(nodes), '-n', String(nodes), '--immediate=20', '--time=2', ...where]
    const bench = ['mqtt-cli', 'bench', '-L', `mqtt://127.0.0.1:${broker.port}`, ...words, '--shard', 'auto']
    const env = { ...slurm.env, ...more, PATH: program.path }
    return { results, srun: runCli([], { program: ['srun', ...run, ...bench], env }) }
  }

  function resultsIn(place: string): BenchResult[] {
    const names = readdirSync(place).filter((name) => name.endsWith('.json'))
    const texts = names.sort().map((name) => readFileSync(join(place, name), 'utf8'))
    return texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))
  }

  test('runs as the batch script that we give, which merges it', async () => {
    const folderOfJob = join(folder, 'job')
    mkdirSync(folderOfJob)
    const where = ['--wait', '--output=said.txt', `--chdir=${folderOfJob}`, '--time=2', '--export=ALL']
    const env = { ...slurm.env, PATH: program.path, BROKER: `mqtt://127.0.0.1:${broker.port}` }
    const sbatch = runCli([], {
      program: ['sbatch', ...where, script, ...load(), '--messages', String(messages)],
      env,
      cwd: folderOfJob,
    })

    const code = await sbatch.exitCode
    const said = readFileSync(join(folderOfJob, 'said.txt'), 'utf8')

    assert.ok(counted.includes(code), `${await sbatch.stderr()}${said}`)
    assert.match(said, /^shards +4 of 4/m)
    assert.match(said, /^arrived +2,000 of 2,000$/m)
    assert.match(said, /^lost +0$/m)
  })

  test('names the task that is killed in the window, on each of the others', async () => {
    const { results, srun } = tasks('killed', [...load(), '--duration', '5'], { [shownTask]: '1' })
    process.kill(await program.pidOnce(1, join(results, '1.log'), / measure /), 'SIGKILL')

    assert.equal(await srun.exitCode, 137)
    assert.match(await srun.stderr(), /task 1: Killed/)
    const survivors = resultsIn(results)
    const all = await merged(results)
    assert.equal(all.code, 10)
    assert.match(
      all.result.verdict.problems.join('\n'),
      /shard 2 of 4 is missing: it was gone .* s after the load began/,
    )
    assert.deepEqual(
      survivors.map(({ shard }) => shard?.index),
      [1, 3, 4],
    )
    for (const { shard, verdict } of survivors) {
      assert.equal(shard?.others?.find(({ index }) => index === 2)?.state, 'gone')
      assert.match(verdict.problems.join('\n'), /shard 2 of 4 was gone/)
    }
  })

  test('counts what one process counts', async () => {
    const alone = await benchRun(['-p', broker.port, ...load(), '--messages', String(messages)])
    const { results, srun } = tasks('four', [...load(), '--messages', String(messages), '--json'])

    assert.ok(counted.includes(await srun.exitCode), await srun.stderr())
    const parts = resultsIn(results)

    assert.deepEqual(
      parts.map(({ shard }) => [shard?.index, shard?.count]),
      [1, 2, 3, 4].map((index) => [index, nodes]),
    )
    assert.equal(new Set(parts.map(({ shard }) => shard?.run)).size, 1)
    const sums = counts(parts)
    assert.deepEqual(sums, counts([(await merged(results)).result]))
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

/** One result of those in a folder. */
function merged(place: string): Promise<BenchRun> {
  const names = readdirSync(place).filter((name) => name.endsWith('.json'))
  const files = names.map((name) => join(place, name)).filter((file) => readFileSync(file, 'utf8').startsWith('{'))
  return benchRun(['merge', ...files])
}

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
