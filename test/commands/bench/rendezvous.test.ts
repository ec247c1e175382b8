import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connectAsync } from 'mqtt'
import type { IPublishPacket } from 'mqtt-packet'
import { assertRan, type BenchRun, finished } from '../../support/bench/bench-run.ts'
import { seenByBroker } from '../../support/bench/seen-by-broker.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { faketimeLibrary } from '../../support/program/faketime-library.ts'
import { type CliHandle, type RunOptions, runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()
const library = faketimeLibrary()

let runs = 0

/** Starts shards of one run, each with its number. */
class Run {
  readonly #name = `test-${process.pid}-${runs++}`
  readonly #count: number
  readonly #words: readonly string[]

  constructor(count: number, words: readonly string[]) {
    this.#count = count
    this.#words = words
  }

  shard(index: number, more: readonly string[] = ['--json'], options: RunOptions = {}): CliHandle {
    const place = ['--shard', `${index}/${this.#count}`, '--run', this.#name]
    return runCli(['bench', ...this.#words, ...place, ...more], options)
  }
}

function others({ result }: BenchRun): unknown {
  return result.shard?.others?.map(({ index, state }) => `${index} ${state}`)
}

describe('the rendezvous of shards, at mosquitto', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto()
  })
  after(() => broker.stop())

  const load = ['-q', '1', '-c', '6', '--rate', '200', '--warmup', '0.5']

  test('brings them together, whichever comes last, and all hear of all', async () => {
    const run = new Run(3, [...broker.flags, ...load, '--duration', '1'])
    const early = [run.shard(3), run.shard(1)]
    const waiting = run.shard(2, [])
    await waiting.whenStderr(/measure/)

    const results = await Promise.all(early.map(finished))

    assert.equal(await waiting.exitCode.then((code) => code === 0 || code === 10), true)
    for (const each of results) assertRan(each)
    assert.deepEqual(results.map(others), [
      ['1 done', '2 done'],
      ['2 done', '3 done'],
    ])
  })

  test('names who did not come: 5', async () => {
    const run = new Run(4, [...broker.flags, ...load, '--rendezvous-timeout', '2'])
    const handles = [run.shard(2), run.shard(4)]

    for (const handle of handles) {
      assert.equal(await handle.exitCode, 5)
      const error = JSON.parse((await handle.stderr()).trim().split('\n').at(-1) ?? '')
      assert.match(error.message, /shards 1, 3 of 4 did not come to the rendezvous within 2 s/)
      assert.deepEqual(error.facts, { missing: [1, 3] })
    }
  })

  test('says who is killed in the window, on each of the others, whose results are not valid: 10', async () => {
    const run = new Run(3, [...broker.flags, ...load, '--duration', '4'])
    const survivors = [run.shard(1), run.shard(3)]
    const victim = run.shard(2, [])
    await victim.whenStderr(/ measure /)
    victim.kill('SIGKILL')

    const results = await Promise.all(survivors.map(finished))

    for (const each of results) {
      assert.equal(each.code, 10)
      const gone = each.result.shard?.others?.find(({ index }) => index === 2)
      assert.equal(gone?.state, 'gone')
      assert.ok((gone?.afterSeconds ?? 0) > 0)
      assert.match(each.result.verdict.problems.join('\n'), /shard 2 of 3 was gone .* after the load began/)
    }
  })

  test('tells the others who was stopped by Ctrl-C: their load was another one', async () => {
    const run = new Run(2, [...broker.flags, ...load, '--duration', '4'])
    const other = run.shard(1)
    const stopped = run.shard(2, [])
    await stopped.whenStderr(/ measure /)
    stopped.kill('SIGINT')

    const result = await finished(other)

    assert.equal(await stopped.exitCode, 130)
    assert.equal(result.code, 10)
    assert.deepEqual(others(result), ['2 stopped'])
  })

  test('leaves at once on Ctrl-C while it waits: 130', async () => {
    const handle = new Run(2, [...broker.flags, ...load]).shard(1, [])
    await handle.whenStderr(/waiting for shard 2 of 2/)

    handle.kill('SIGINT')

    assert.equal(await handle.exitCode, 130)
  })

  test('refuses a second process of the same number, and the first goes on', async () => {
    const run = new Run(2, [...broker.flags, ...load, '--warmup', '0', '--messages', '100'])
    const first = run.shard(1, [])
    await first.whenStderr(/waiting for shard 2 of 2/)

    const second = run.shard(1)

    assert.equal(await second.exitCode, 2)
    assert.match(await second.stderr(), /Shard 1 of 2 of the run .* is there already/)
    assertRan(await finished(run.shard(2)))
    assert.match(String(await first.exitCode), /^(0|10)$/)
  })

  test('takes a shard that was started again before the load', async () => {
    const run = new Run(3, [...broker.flags, ...load, '--warmup', '0', '--messages', '90'])
    const first = run.shard(1)
    const killed = run.shard(2, [])
    await killed.whenStderr(/waiting for shards? .*3 of 3/)
    killed.kill('SIGKILL')
    await killed.exitCode

    const results = await Promise.all([first, run.shard(2), run.shard(3)].map(finished))

    for (const each of results) assertRan(each)
    assert.deepEqual(
      results.map(({ result }) => result.arrivals?.lost),
      [0, 0, 0],
    )
  })

  test('refuses shards that were asked for different loads: 2, on both', async () => {
    const run = new Run(2, [...broker.flags, '-c', '6'])
    const handles = [run.shard(1, ['--rate', '100']), run.shard(2, ['--rate', '200'])]

    for (const handle of handles) {
      assert.equal(await handle.exitCode, 2)
      assert.match(await handle.stderr(), /Shard [12] was asked for another load/)
    }
  })

  test('holds connections together, and adds up to all of them', async () => {
    const run = new Run(2, ['conn', ...broker.flags, '-c', '21', '--duration', '1'])

    const results = await Promise.all([run.shard(1), run.shard(2)].map(finished))

    assert.deepEqual(
      results.map(({ result }) => [result.idle?.connections, result.idle?.held]),
      [
        [11, 11],
        [10, 10],
      ],
    )
    assert.deepEqual(results.map(others), [['2 done'], ['1 done']])
  })

  test('is at another broker where --rendezvous says so', async (t) => {
    const elsewhere = await startMosquitto()
    t.after(() => elsewhere.stop())
    const place = ['--rendezvous', `mqtt://127.0.0.1:${elsewhere.port}`]
    const denied = await startMosquitto({ config: `acl_file ${written('acl', 'topic readwrite bench/#\n')}` })
    t.after(() => denied.stop())
    const run = new Run(2, [...denied.flags, ...load, '--warmup', '0', '--messages', '100', ...place])

    const results = await Promise.all([run.shard(1), run.shard(2)].map(finished))

    for (const each of results) assertRan(each)
    assert.deepEqual(results.map(others), [['2 done'], ['1 done']])
  })

  test('says which topic a broker passes nothing of on: 4', async (t) => {
    const acl = written('silent', 'topic readwrite bench/#\ntopic read mqtt-cli/#\n')
    const denied = await startMosquitto({ config: `acl_file ${acl}` })
    t.after(() => denied.stop())

    const handle = new Run(2, [...denied.flags, ...load, '--rendezvous-timeout', '1', '-V', '3.1.1']).shard(1)

    assert.equal(await handle.exitCode, 4)
    assert.match(await handle.stderr(), /passed on nothing of mqtt-cli\/bench\//)
  })

  test('counts a run by number whose subscriber is on another shard', async () => {
    const words = ['--publishers', '3', '--subscribers', '1', '-q', '1', '--messages', '600', '--drain', '20']
    const run = new Run(3, [...broker.flags, ...words])

    const [first, ...rest] = await Promise.all([run.shard(1), run.shard(2), run.shard(3)].map(finished))

    assert.ok(first)
    assertRan(first)
    assert.equal(first.result.arrivals?.received, 600)
    assert.equal(first.result.arrivals?.expected, undefined, 'what others sent only they know')
    assert.deepEqual(
      first.result.shard?.heard.map(({ publisher, audience, received }) => [publisher, audience, received]),
      [
        [0, 1, 200],
        [1, 1, 200],
        [2, 1, 200],
      ],
    )
    assert.deepEqual(
      rest.map(({ result }) => [result.messages?.sent, result.arrivals]),
      [
        [200, undefined],
        [200, undefined],
      ],
    )
  })
})

function written(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('the rendezvous on the wire', { skip: mosquittoMissing() }, () => {
  test('keeps nothing at the broker', async () => {
    const run = (flags: readonly string[]) => shards(2, [...flags, '-q', '1', '-c', '4', '--messages', '20'])

    const { packets, result } = await seenByBroker(run)

    for (const each of result) assertRan(each)
    const publishes = packets.filter((packet): packet is IPublishPacket => packet.cmd === 'publish')
    const wills = packets.flatMap((packet) => (packet.cmd === 'connect' ? (packet.will ?? []) : []))
    assert.ok(publishes.filter(({ topic }) => topic.startsWith('mqtt-cli/bench/')).length >= 2)
    assert.deepEqual([...publishes, ...wills].map(({ retain }) => retain).includes(true), false)
    assert.equal(wills.length, 2)
    const sessions = packets.flatMap((packet) => (packet.cmd === 'connect' ? [packet] : []))
    assert.ok(sessions.every(({ clean, properties }) => clean === true && !properties?.sessionExpiryInterval))
  })

  test('lets no load out before go', async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    const listener = await listenAt(broker.port)

    await shards(3, [...broker.flags, '-q', '1', '-c', '4', '--messages', '20', '-t', 'load/%i'])

    await listener.close()
    const lines = listener.heard
    const go = lines.indexOf('{"say":"go","begun":2}')
    const load = lines.indexOf('load')
    assert.ok(go !== -1 && go < load, `${go} ${load}`)
    assert.equal(lines.filter((line) => line === 'load').length, 20)
  })

  const skip = library === undefined ? 'not installed: faketime (Debian: faketime)' : undefined
  test('holds where clocks are half a second apart: a message is in the phase of its publisher', {
    skip,
  }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    const words = [
      '--no-pair',
      '-q',
      '1',
      '-c',
      '4',
      '--rate',
      '200',
      '--warmup',
      '1',
      '--duration',
      '1',
      '--drain',
      '20',
    ]
    const elsewhere = { LD_PRELOAD: library ?? '', FAKETIME: '+0.5s', FAKETIME_DONT_FAKE_MONOTONIC: '1' }

    const results = await shards(2, [...broker.flags, ...words], { env: elsewhere })

    const sent = results.flatMap(({ result }) => result.shard?.sent ?? [])
    const heard = results.flatMap(({ result }) => result.shard?.heard ?? [])
    assert.deepEqual(
      sent.map(({ publisher, warmup, measured }) => [publisher, warmup, measured]),
      [0, 1, 2, 3].map((publisher) => [publisher, 50, 50]),
    )
    const came = heard.map(({ publisher, received }) => [publisher, received] as const)
    assert.deepEqual(
      came.sort(([a], [b]) => a - b),
      [0, 1, 2, 3].map((publisher) => [publisher, 50]),
    )
    assert.deepEqual(
      results.map(({ result }) => result.arrivals?.ofWarmup),
      [100, 100],
    )
    assert.deepEqual(results.map(others), [['2 done'], ['1 done']])
  })
})

/** All shards of one run; the last one as `options` say. */
function shards(count: number, words: readonly string[], options: RunOptions = {}): Promise<BenchRun[]> {
  const run = new Run(count, words)
  const handles = Array.from({ length: count }, (_, index) =>
    run.shard(index + 1, ['--json'], index === count - 1 ? options : {}),
  )
  return Promise.all(handles.map(finished))
}

/** Everything that passes a broker, in its order, by the client of others: what shards say as it is, and of a load its topic. */
async function listenAt(port: number) {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5 })
  const heard: string[] = []
  client.on('message', (topic, payload) => heard.push(topic.startsWith('load/') ? 'load' : payload.toString()))
  await client.subscribeAsync(['load/#', 'mqtt-cli/bench/#'], { qos: 1 })
  return { heard, close: () => client.endAsync() }
}
