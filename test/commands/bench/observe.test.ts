import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { benchRun } from '../../support/bench/bench-run.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()

describe('bench --observe', { concurrency: 2 }, () => {
  test('mosquitto by its process and by $SYS, killed and started again: a gap and no zeros', {
    skip: mosquittoMissing(),
  }, async (t) => {
    const broker = await startMosquitto({ config: 'sys_interval 1' })
    t.after(broker.stop)
    const csv = join(folder, 'observed.csv')
    const report = join(folder, 'observed.html')
    const again = `kill -9 ${broker.pid}; exec mosquitto -c ${broker.configPath}`
    const load = ['-q', '1', '--rate', '500', '--duration', '5', '--warmup', '1', '--csv', csv, '--report', report]
    const watch = ['--observe', `pid:${broker.pid}`, '--observe', 'sys', '--disturb', `${again}@2.5s`]

    const { result } = await benchRun([...broker.flags, ...load, ...watch])

    const [byPid, bySys] = result.observed ?? []
    assert.ok((byPid?.cpuMicrosecondsPerMessage ?? 0) > 0, JSON.stringify(byPid))
    assert.ok((byPid?.memoryBytes.most ?? 0) > 1e6)
    assert.deepEqual(
      byPid?.gaps.map(({ reason }) => reason),
      ['the process has ended'],
    )
    assert.ok((bySys?.memoryBytes.most ?? 0) > 1000, JSON.stringify(bySys))
    assert.deepEqual(Object.keys(bySys?.dropped ?? {}), ['$SYS/broker/publish/messages/dropped'])
    const lines = readFileSync(csv, 'utf8').trimEnd().split('\n')
    assert.match(lines[0] ?? '', /,broker_cpu_1,broker_memory_bytes_1,broker_dropped_1,broker_gap_1,broker_cpu_2,/)
    assert.match(lines.at(-1) ?? '', /,,,,the process has ended,/)
    assert.match(readFileSync(report, 'utf8'), /id="broker-cpu".*id="observed"/s)
  })

  test('the broker of ours by $SYS: what it holds, and what it dropped', async () => {
    const load = ['--embedded', '--rate', '100', '--duration', '1', '--warmup', '0']

    const { result, code } = await benchRun([...load, '--observe', 'sys'])

    const [figures] = result.observed ?? []
    assert.deepEqual(Object.keys(figures?.dropped ?? {}), ['$SYS/broker/publish/messages/dropped'])
    assert.notEqual(figures?.memoryBytes.atStart, null)
    assert.ok(code === 0 || code === 10)
  })

  test('connections that only stay, by the process of their broker', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(broker.stop)

    const { result } = await benchRun([
      'conn',
      ...broker.flags,
      '-c',
      '20',
      '--duration',
      '1.5',
      '--observe',
      `pid:${broker.pid}`,
    ])

    const [figures] = result.observed ?? []
    assert.equal(figures?.cpuMicrosecondsPerMessage, null)
    assert.ok((figures?.memoryBytes.atEnd ?? 0) > 1e6)
  })

  test('of two shards that one broker works for: no CPU a message of either', {
    skip: mosquittoMissing(),
  }, async (t) => {
    const broker = await startMosquitto()
    t.after(broker.stop)
    const load = [...broker.flags, '-c', '2', '--rate', '200', '--duration', '1', '--warmup', '0', '--run', 'observed']

    const runs = ['1/2', '2/2'].map((shard) => benchRun([...load, '--shard', shard, '--observe', `pid:${broker.pid}`]))

    for (const { result } of await Promise.all(runs)) {
      assert.equal(result.observed?.[0]?.cpuMicrosecondsPerMessage, null)
      assert.notEqual(result.observed?.[0]?.cpu, null)
    }
  })

  const refused: ReadonlyArray<readonly [words: readonly string[], code: number, said: RegExp]> = [
    [['--observe', 'top'], 2, /no such source: "top"/],
    [['--observe', 'sys', '--observe', 'sys'], 2, /same source twice/],
    [['--observe', 'pid:4194303'], 7, /There is no process 4194303/],
  ]
  for (const [words, code, said] of refused) {
    test(`${words.join(' ')}: ${code}, before anything is sent`, async () => {
      const run = runCli(['bench', '--embedded', ...words])

      assert.equal(await run.exitCode, code)
      assert.match(await run.stderr(), said)
    })
  }
})
