import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { BenchResult } from '../../../src/features/bench/events.ts'
import { assertRan, type BenchRun, benchRun, finished } from '../../support/bench/bench-run.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()
let files = 0

function written(text: string): string {
  const path = join(folder, `${files++}.json`)
  writeFileSync(path, text)
  return path
}

/** All shards of a run, each into a file. */
async function shardFiles(count: number, words: readonly string[]): Promise<string[]> {
  const run = `merge-${process.pid}-${files}`
  const runs = Array.from({ length: count }, (_, index) =>
    benchRun([...words, '--shard', `${index + 1}/${count}`, '--run', run]),
  )
  const results = await Promise.all(runs)
  for (const each of results) assertRan(each)
  return results.map(({ result }) => written(`${JSON.stringify(result)}\n`))
}

function merge(...words: readonly string[]): Promise<BenchRun> {
  return finished(runCli(['bench', 'merge', ...words, '--json']))
}

/** What is counted, and does not depend on how fast this machine was. */
function countsOf({ publishers, subscribers, messages, warmup, arrivals, perPublisher, connect }: BenchResult) {
  const { late: _, ...sent } = messages ?? { late: 0 }
  const { late: __, ...warm } = warmup ?? { late: 0 }
  const { attempted, connected, refused, lost, times } = connect
  return {
    clients: [publishers, subscribers],
    sent,
    warm,
    arrivals,
    perPublisher,
    connect: { attempted, connected, refused, lost, times: times.count },
  }
}

describe('bench merge, of shards at mosquitto', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto({ config: 'max_queued_messages 0' })
  })
  after(() => broker.stop())

  const loads: Readonly<Record<string, readonly string[]>> = {
    'pairs at a rate, with a warm-up': ['-c', '10', '-q', '1', '--rate', '400', '--duration', '1', '--warmup', '1'],
    'pairs by number': ['-c', '6', '-q', '1', '--messages', '1003'],
    'fan-out': ['--publishers', '2', '--subscribers', '9', '-q', '1', '--messages', '301'],
    'fan-in at QoS 2': ['--publishers', '9', '--subscribers', '1', '-q', '2', '--messages', '301'],
    'a shared subscription': [
      '--publishers',
      '8',
      '--subscribers',
      '4',
      '--share',
      'crew',
      '-q',
      '1',
      '--messages',
      '403',
    ],
    'requests and answers': ['rpc', '-c', '6', '-q', '1', '--messages', '301'],
    'each message on a topic of its own': ['-c', '4', '-t', 'b/%s/%i', '-q', '1', '--messages', '203'],
    'single messages by number': ['-c', '8', '-t', 'b/%s', '--filter', 'b/%i', '-q', '1', '--messages', '203'],
    'payloads that cannot be told apart': ['-c', '4', '-V', '3.1.1', '--template', 'x', '-q', '1', '--messages', '203'],
    'publishers alone': ['pub', '-c', '7', '-q', '1', '--messages', '1003'],
  }
  /** Where a publisher and its subscribers are on one shard; between two a busy machine may leave clocks too much open. */
  const byOneClock = new Set(['pairs at a rate, with a warm-up', 'pairs by number', 'requests and answers'])
  for (const [name, words] of Object.entries(loads)) {
    test(`makes of four shards exactly the counts of one run without: ${name}`, async () => {
      const load = [...words, '--drain', '30', ...broker.flags]
      const whole = await benchRun(load)
      const merged = await merge(...(await shardFiles(4, load)))

      assertRan(whole)
      assertRan(merged)
      assert.deepEqual(countsOf(merged.result), countsOf(whole.result))
      if (byOneClock.has(name)) assert.equal(merged.result.response?.count, whole.result.response?.count)
      assert.deepEqual(
        merged.result.shards?.map(({ shard }) => shard?.index),
        [1, 2, 3, 4],
      )
      assert.deepEqual(merged.result.merged?.missing, [])
    })
  }

  test('compares what was sent on one shard with what came on another', async () => {
    const load = ['-c', '6', '-q', '1', '--messages', '1003', '--drain', '30', ...broker.flags]
    const whole = await benchRun(load)
    const merged = await merge(...(await shardFiles(3, [...load, '--no-pair'])))

    assertRan(merged)
    assert.deepEqual(countsOf(merged.result), countsOf(whole.result))
    assert.deepEqual(
      merged.result.shards?.map(({ arrivals }) => arrivals?.expected),
      [undefined, undefined, undefined],
      'no shard knows it alone',
    )
  })

  test('makes of four shards of connections all of them', async () => {
    const merged = await merge(
      ...(await shardFiles(4, ['conn', '-c', '30', '--duration', '0.5', '--churn', '1', ...broker.flags])),
    )

    const { idle, connect } = merged.result
    assert.deepEqual([idle?.connections, idle?.held, connect.connected, connect.times.count], [30, 30, 30, 30])
    assert.deepEqual([idle?.storms[0]?.reconnected, idle?.storms[0]?.times.count], [30, 30])
  })

  test('gives one file as it is, and judges thresholds over all of several', async () => {
    const paths = await shardFiles(2, [
      '-c',
      '4',
      '-q',
      '1',
      '--messages',
      '100',
      '--fail-if',
      'received<50',
      ...broker.flags,
    ])
    const [first = '', second = ''] = paths

    const alone = await merge(first)
    const gated = await merge(first, second, '--fail-if', 'received<101')

    const { default: file } = await import(first, { with: { type: 'json' } })
    assert.deepEqual(alone.result, file)
    assert.equal(gated.code, 9)
    assert.deepEqual(
      gated.result.thresholds.map(({ threshold, measured, held }) => [threshold, measured, held]),
      [
        ['received<50', 100, true],
        ['received<101', 100, false],
      ],
    )
  })

  test('names a shard that was killed in the window, with what the others saw: 10', async () => {
    const words = [
      '-c',
      '6',
      '-q',
      '1',
      '--rate',
      '200',
      '--duration',
      '4',
      ...broker.flags,
      '--run',
      `killed-${process.pid}`,
    ]
    const survivors = [1, 3].map((index) => benchRun([...words, '--shard', `${index}/3`]))
    const victim = runCli(['bench', ...words, '--shard', '2/3'])
    await victim.whenStderr(/ measure /)
    victim.kill('SIGKILL')
    const paths = (await Promise.all(survivors)).map(({ result }) => written(JSON.stringify(result)))

    const { code, result } = await merge(...paths)

    assert.equal(code, 10)
    assert.deepEqual(result.merged?.missing, [2])
    assert.match(
      result.verdict.problems[0] ?? '',
      /^shard 2 of 3 is missing: it was gone \d+\.\d s after the load began/,
    )
  })

  test('shows people each shard, and writes the other forms', async () => {
    const paths = await shardFiles(2, ['-c', '4', '-q', '1', '--rate', '100', '--duration', '2', ...broker.flags])
    const report = join(folder, 'report.html')
    const csv = join(folder, 'seconds.csv')

    const handle = runCli(['bench', 'merge', ...paths, '--report', report, '--csv', csv])

    const text = String(await handle.stdout())
    assert.match(text, /^shards +2 of 2, of the run merge-/m)
    assert.match(text, /^shard 1 +2 publishers, 2 subscribers, sent /m)
    const { readFileSync } = await import('node:fs')
    assert.match(readFileSync(report, 'utf8'), /2 of 2, of the run merge-/)
    assert.ok(readFileSync(csv, 'utf8').split('\n').length > 2)
  })
})

describe('bench merge', () => {
  const refusals: readonly (readonly [what: string, words: () => readonly string[], code: number, said: RegExp])[] = [
    ['nothing', () => [], 2, /no results to merge/],
    ['a file that is not there', () => [join(folder, 'none.json')], 7, /none\.json/],
    ['text', () => [written('no json')], 7, /no JSON/],
    ['foreign JSON', () => [written('{"hello":1}')], 7, /no result of a load/],
    ['an empty file', () => [written('')], 7, /empty/],
    ['half a file', () => [written('{"v":1,"type":"bench-res')], 7, /no JSON/],
    ['standard input twice', () => ['-', '-'], 2, /read once/],
    ['a flag that it has not', () => ['--rate', '5'], 2, /--rate/],
  ]
  for (const [what, words, code, said] of refusals) {
    test(`refuses ${what}: ${code}`, async () => {
      const handle = runCli(['bench', 'merge', ...words()])

      assert.equal(await handle.exitCode, code)
      assert.match(await handle.stderr(), said)
      assert.equal(String(await handle.stdout()), '')
    })
  }
})
