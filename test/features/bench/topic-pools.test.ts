import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../support/bench/bench-settings.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

/** The topics that were published to, in the order in which they came, at a broker that passes everything on. */
async function published(changes: Changes): Promise<readonly string[]> {
  const topics: string[] = []
  const broker = await startRelayBroker({
    packet: ({ type, bytes }) => {
      if (type === 'publish') topics.push(bytes.subarray(4, 4 + bytes.readUInt16BE(2)).toString())
    },
  })
  try {
    await runBench(benchContext(broker, { mode: 'pub', subscribers: 0, ...changes }))
    return topics
  } finally {
    broker.close()
  }
}

function counts(topics: readonly string[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>()
  for (const topic of topics) found.set(topic, (found.get(topic) ?? 0) + 1)
  return Object.fromEntries([...found].sort(([one], [other]) => (one < other ? -1 : 1)))
}

describe('topic pools', () => {
  test('%i(3..5) takes the pool in turn, by the number of the publisher', async () => {
    const topics = await published({ topic: 'p/%i(3..5)', publishers: 7, end: { by: 'messages', count: 70 } })

    assert.deepEqual(counts(topics), { 'p/3': 30, 'p/4': 20, 'p/5': 20 })
  })

  test('%rand(4) takes each of the pool about as often', async () => {
    const topics = await published({ topic: 'p/%rand(4)', seed: 1, end: { by: 'messages', count: 4000 } })

    const found = counts(topics)
    assert.deepEqual(Object.keys(found), ['p/0', 'p/1', 'p/2', 'p/3'])
    for (const count of Object.values(found)) assert.ok(count > 850 && count < 1150, JSON.stringify(found))
  })

  test('two places draw apart from each other', async () => {
    const topics = await published({ topic: '%rand(3)/%rand(3)', seed: 1, end: { by: 'messages', count: 900 } })

    const found = counts(topics)
    assert.equal(Object.keys(found).length, 9)
    for (const count of Object.values(found)) assert.ok(count > 50, JSON.stringify(found))
  })

  test('the same seed draws the same, another one something else', async () => {
    const load = { topic: 'p/%rand(1000)', end: { by: 'messages', count: 200 } } as const
    const [one, same, other] = [
      await published({ ...load, seed: 7 }),
      await published({ ...load, seed: 7 }),
      await published({ ...load, seed: 8 }),
    ]

    assert.deepEqual(same, one)
    assert.notDeepEqual(other, one)
  })

  const rows: ReadonlyArray<readonly [what: string, changes: Changes, expected: number]> = [
    ['%rand(5), two subscribers to all of it', { topic: 'p/%rand(5)', publishers: 3, subscribers: 2 }, 1200],
    ['%i(0..1), four pairs, two to a topic', { topic: 'p/%i(0..1)', publishers: 4, subscribers: 4 }, 1200],
    ['%i(0..2), a subscriber of one', { topic: 'p/%i(0..2)', publishers: 6, subscribers: 1, filter: 'p/2' }, 200],
    ['%rand(9), in two threads', { topic: 'p/%rand(9)', publishers: 2, subscribers: 2, workers: 2 }, 1200],
  ]
  for (const [what, changes, expected] of rows) {
    test(`${what}: every message is accounted for`, { skip: mosquittoMissing() }, async () => {
      const broker = await startMosquitto()
      const end = { by: 'messages', count: 600 } as const

      const { result } = await runBench(benchContext(broker, { qos: 1, ...changes, end }))
      await broker.stop()

      const { arrivals } = result
      assert.deepEqual([arrivals?.expected, arrivals?.received, arrivals?.lost], [expected, expected, 0])
    })
  }
})
