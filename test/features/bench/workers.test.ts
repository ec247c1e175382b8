import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BenchEvent } from '../../../src/features/bench/events.ts'
import { LoadTopics } from '../../../src/features/bench/naming/load-topics.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { firstSlice, publishersOf, subscribersOf } from '../../../src/features/bench/workers/worker-slice.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { type Relay, startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

/** Drops every tenth of each publisher's messages and repeats the one after it. */
const faulty: Relay = (n, packet, forward) => {
  if (n % 10 === 0) return
  forward(packet)
  if (n % 10 === 1) forward(packet)
}

describe('a load over several threads', () => {
  for (const workers of [2, 3]) {
    test(`${workers} threads account for every message, as one does`, async (t) => {
      const broker = await startRelayBroker({ relay: faulty })
      t.after(broker.close)

      const changes = { workers, publishers: 5, subscribers: 2, qos: 1, end: { by: 'messages', count: 4003 } } as const
      const { result } = await runBench(benchContext(broker, changes))

      const { lost = 0, received = 0, duplicate, expected } = result.arrivals ?? {}
      assert.equal(broker.published, 4003)
      assert.equal(result.messages?.sent, 4003)
      assert.equal(result.messages?.acked, 4003)
      assert.deepEqual({ expected, lost, duplicate }, { expected: 2 * 4003, lost: 2 * 401, duplicate: 2 * 401 })
      assert.equal(received, 2 * (4003 - 401))
      assert.equal(result.response?.count, received)
      assert.deepEqual(
        result.perPublisher?.map((each) => each.expected),
        [1602, 1602, 1602, 1600, 1600],
      )
      assert.equal(result.generator.workers, workers)
      assert.equal(result.connect.connected, 7)
    })
  }

  test('one rate is the rate of all of them, and its seconds are those of all of them', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const told: BenchEvent[] = []

    const changes = {
      workers: 2,
      publishers: 4,
      subscribers: 4,
      load: { mode: 'paced', ratePerSecond: 1000, arrival: 'uniform' },
      end: { by: 'duration', milliseconds: 600 },
      warmupMs: 300,
    } as const
    const { result, seconds } = await runBench(benchContext(broker, changes, told))

    assert.equal(result.messages?.offered, 600)
    assert.equal(result.warmup?.offered, 300)
    assert.equal(result.arrivals?.lost, 0)
    assert.equal(broker.published, 900)
    assert.equal(
      seconds.reduce((sum, { sent }) => sum + sent, 0),
      900,
    )
    assert.deepEqual(
      told.flatMap((event) => (event.event === 'phase' ? [event.phase] : [])),
      ['connect', 'warmup', 'measure', 'drain'],
    )
  })

  test('the members of a shared subscription get each message once, whatever thread its publisher has', {
    skip: mosquittoMissing('mosquitto'),
  }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())

    const changes = {
      workers: 2,
      publishers: 4,
      subscribers: 3,
      share: 'group',
      qos: 1,
      end: { by: 'messages', count: 2000 },
    } as const
    const { result, failure } = await runBench(benchContext(broker, changes))

    assert.equal(failure, undefined)
    assert.equal(result.arrivals?.expected, 2000)
    assert.equal(result.arrivals?.received, 2000)
    assert.equal(result.arrivals?.duplicate, 0)
  })

  test('clients that are refused are counted over all threads', async (t) => {
    const busy = Buffer.from('2003009700', 'hex')
    const broker = await startRelayBroker({ connack: (n) => (n % 3 === 1 ? busy : Buffer.from('2003000000', 'hex')) })
    t.after(broker.close)

    const changes = { workers: 2, mode: 'pub', publishers: 9, subscribers: 0, qos: 1 } as const
    const { result, failure } = await runBench(benchContext(broker, changes))

    assert.equal(failure?.kind, 'refused')
    assert.deepEqual(result.connect.refused, { 'Quota exceeded (0x97)': 3 })
    assert.equal(result.connect.connected, 6)
  })

  test('a connection that a worker lost is named as our own error', async (t) => {
    const broker = await startRelayBroker({
      after: (n, socket) => n === 199 && socket.end(Buffer.from('e00197', 'hex')),
    })
    t.after(broker.close)

    const changes = { workers: 2, mode: 'pub', publishers: 2, subscribers: 0, qos: 1, drainMs: 300 } as const
    const { result, failure } = await runBench(benchContext(broker, changes))

    assert.equal(failure?.kind, 'refused')
    assert.equal(failure?.details.reasonCode, 0x97)
    assert.deepEqual(result.connect.lost, { 'Quota exceeded (0x97)': 1 })
  })

  test('nobody there is one error, and no thread stays behind', async () => {
    const context = benchContext(1, { workers: 2, publishers: 2, subscribers: 2 })

    await assert.rejects(runBench(context), { kind: 'unreachable' })
  })

  test('a thread that cannot run ends the run', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const threadFiles = { worker: '/nonexistent/worker.cjs', precisionTimer: '' }
    const context = { ...benchContext(broker, { workers: 2 }), threadFiles }

    await assert.rejects(runBench(context), /Cannot find module/)
  })

  test('who stops it gets a result, of all threads', async (t) => {
    const stopping = new AbortController()
    const broker = await startRelayBroker({ after: (n) => n === 500 && stopping.abort(new Error('enough')) })
    t.after(broker.close)
    const changes = {
      workers: 2,
      publishers: 2,
      subscribers: 1,
      load: { mode: 'paced', ratePerSecond: 1000, arrival: 'uniform' },
      end: { by: 'duration', milliseconds: 60_000 },
    } as const

    const { result } = await runBench({ ...benchContext(broker, changes), signal: stopping.signal })

    assert.equal(result.arrivals?.received, broker.published)
    assert.ok(broker.published < 2000, `${broker.published}`)
  })
})

describe('the clients of a run', () => {
  const settings = benchContext(1, { publishers: 7, subscribers: 5, topic: 'a/%i' }).settings
  const sharing = { ...settings, share: 'group', filter: 'a/%i/#' }

  for (const of of [1, 2, 3, 8]) {
    test(`are each in exactly one of ${of} slices`, () => {
      const slices = Array.from({ length: of }, (_, index) => ({ index, of }))
      const all = (found: (readonly number[])[]) => found.flat().sort((a, b) => a - b)
      const topics = new LoadTopics(settings, '01020304')

      assert.deepEqual(all(slices.map((slice) => publishersOf(settings, slice).numbers)), [0, 1, 2, 3, 4, 5, 6])
      assert.deepEqual(all(slices.map((slice) => subscribersOf(settings, slice, topics).numbers)), [0, 1, 2, 3, 4])
      assert.ok(subscribersOf(settings, { index: firstSlice(settings, of), of }, topics).numbers.includes(0))
    })
  }

  test('stay together where they share a subscription', () => {
    const topics = new LoadTopics({ ...sharing, filter: 'a/#' }, '01020304')

    const members = [0, 1, 2].map((index) => subscribersOf(sharing, { index, of: 3 }, topics).numbers)

    assert.deepEqual(members, [[], [0, 1, 2, 3, 4], []])
  })
})
