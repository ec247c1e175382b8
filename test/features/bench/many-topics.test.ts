import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LoadCounters } from '../../../src/features/bench/clients/load-counters.ts'
import { LoadSubscriber, MessageMatcher } from '../../../src/features/bench/messages/message-matcher.ts'
import { FilterTree } from '../../../src/features/bench/naming/filter-tree.ts'
import { runBench } from '../../../src/features/bench/run-bench.ts'
import type { BenchSettings } from '../../../src/features/bench/settings.ts'
import { accountsOf } from '../../../src/features/bench/workers/publisher-figures.ts'
import { benchContext } from '../../support/bench/bench-settings.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

describe('a tree of filters finds', () => {
  const filters = [
    'a/b',
    'a/+',
    'a/#',
    '+/b',
    '#',
    '+',
    'a',
    '/a',
    '$sys/#',
    '$share/g/a/b',
    '__proto__/toString',
    'a/+/+',
  ]
  const tree = new FilterTree<string>()
  for (const filter of filters) tree.add(filter, filter)
  const rows: ReadonlyArray<readonly [topic: string, filters: readonly string[]]> = [
    ['a/b', ['a/b', 'a/+', 'a/#', '+/b', '#', '$share/g/a/b']],
    ['a', ['a', '+', '#', 'a/#']],
    ['/a', ['/a', '#']],
    ['a/', ['a/+', 'a/#', '#']],
    ['a/b/c', ['a/#', '#', 'a/+/+']],
    ['$sys/x', ['$sys/#']],
    ['$sys', ['$sys/#']],
    ['__proto__/toString', ['__proto__/toString', '#']],
    ['constructor', ['+', '#']],
  ]
  for (const [topic, expected] of rows) {
    test(`${expected.join(' ')} for ${topic} [MQTT-4.7.2-1] [MQTT-4.7.3-4]`, () => {
      const found = tree.find(topic).map(({ value }) => value)

      assert.deepEqual(found.sort(), [...expected].sort())
    })
  }
})

describe('a filter that names the number of a message gets that one:', () => {
  const rows: ReadonlyArray<readonly [filter: string, topic: string, numbers: readonly (number | undefined)[]]> = [
    ['b/7', 'b/\0', [7]],
    ['b/n7x/+', 'b/n\0x/c', [7]],
    ['b/7-7', 'b/\0-\0', [7]],
    ['b/7/7', 'b/\0/\0', [7]],
    ['+/7/#', 'b/\0/c/d', [7]],
    ['$share/g/b/7', 'b/\0', [7]],
    ['b/+', 'b/\0', [undefined]],
    ['#', 'b/\0', [undefined]],
    ['b/007', 'b/\0', []],
    ['b/', 'b/\0', []],
    ['b/x', 'b/\0', []],
    ['c/7', 'b/\0', []],
    ['b/7-8', 'b/\0-\0', []],
    ['b/7/8', 'b/\0/\0', []],
    ['b/7/c', 'b/\0', []],
  ]
  for (const [filter, topic, numbers] of rows) {
    test(`${filter}: ${numbers}`, () => {
      const tree = new FilterTree<string>()
      tree.add(filter, filter)

      assert.deepEqual(
        tree.find(topic).map(({ number }) => number),
        numbers,
      )
    })
  }
})

/** CPU of the account of so many pairs, microseconds; the least of a few, since others use this machine too. */
function accountMicroseconds(pairs: number): number {
  const { settings } = benchContext(1, { publishers: pairs, subscribers: pairs })
  const counters = new LoadCounters(1, settings)
  const numbers = Array.from({ length: pairs }, (_, index) => index)
  const subscribers = numbers.map(
    (n) => new LoadSubscriber(n, `a/${n}/+`, new MessageMatcher(counters.arrived), () => {}),
  )
  const publishers = numbers.map((index) => ({ index, topic: `a/${index}/b`, firstMeasured: 0, sequence: 10 }))
  return Math.min(...[1, 2, 3, 4, 5].map(() => cpuOf(settings, subscribers, publishers)))
}

function cpuOf(settings: BenchSettings, ...parts: [LoadSubscriber[], Parameters<typeof accountsOf>[2]]): number {
  const before = process.cpuUsage()
  const figures = accountsOf(settings, ...parts, false).perPublisher
  const { user, system } = process.cpuUsage(before)
  assert.equal(
    figures.every(({ expected }) => expected === 10),
    true,
  )
  return user + system
}

test('twice the pairs take about twice the time to account for, not four times', () => {
  accountMicroseconds(2000)
  const [one, two] = [accountMicroseconds(10_000), accountMicroseconds(20_000)]

  assert.ok(two < 3.2 * one, `${one} µs, then ${two} µs`)
})

test('10,000 topics and 1,000 filters: each subscriber is owed the message that it asked for', async (t) => {
  const broker = await startRelayBroker({ relay: () => {} })
  t.after(broker.close)
  const end = { by: 'messages', count: 10_000 } as const
  const changes = { subscribers: 1000, topic: 'bench/%s', filter: 'bench/%i', end, inflight: 10_000 } as const

  const { result } = await runBench(benchContext(broker, changes))

  assert.deepEqual([result.messages?.sent, result.arrivals?.expected, result.arrivals?.lost], [10_000, 1000, 1000])
})
