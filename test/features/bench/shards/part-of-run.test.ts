import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MqttCliError } from '../../../../src/errors.ts'
import { messagesOf } from '../../../../src/features/bench/clients/publisher-factory.ts'
import { clientSettings, publisherNames } from '../../../../src/features/bench/naming/client-settings.ts'
import { LoadTopics } from '../../../../src/features/bench/naming/load-topics.ts'
import { arrivalSchedule, RateCurve } from '../../../../src/features/bench/pace/arrival-schedule.ts'
import type { BenchSettings, ShardSide } from '../../../../src/features/bench/settings.ts'
import { rateShareOf, wholeOf } from '../../../../src/features/bench/settings.ts'
import { partOfRun } from '../../../../src/features/bench/shards/part-of-run.ts'
import {
  connectionsOf,
  hasResponder,
  publishersOf,
  subscribersOf,
} from '../../../../src/features/bench/workers/worker-slice.ts'
import { benchContext, type Changes } from '../../../support/bench/bench-settings.ts'

const runName = '01020304'
const alone = { index: 0, of: 1 }

/** A shard of a run, or the whole of it. */
function settingsOf(changes: Changes, index?: number, count = 1, isPaired = true): BenchSettings {
  const { settings } = benchContext(1, { topic: 'load/%i/%c', ...changes })
  if (index === undefined) return settings
  return partOfRun({ ...settings, shard: { index, count, run: 'test', isPaired } }, runName)
}

/** What a process would do: every client by name, what it publishes and when, what it asks for, when it connects. */
function planOf(settings: BenchSettings) {
  const topics = new LoadTopics(settings, runName)
  const sides = {
    connections: connectionsOf(settings, alone),
    publishers: publishersOf(settings, alone),
    subscribers: subscribersOf(settings, alone, topics),
  }
  const clientId = (number: number) => clientSettings(settings.connection, settings.clients, number, runName).clientId
  return {
    connections: sides.connections.numbers.map(clientId),
    publishers: sides.publishers.numbers.map((number) => publisherPlan(settings, topics, number)),
    subscribers: sides.subscribers.numbers.map((number) => [clientId(number), ...topics.filtersOf(number)]),
    responders: settings.mode === 'rpc' && hasResponder(settings) ? 1 : 0,
    beginnings: Object.fromEntries(Object.entries(sides).map(([kind, side]) => [kind, beginnings(settings, side)])),
  }
}

/** Seconds after the step begins. */
function beginnings({ connectRatePerSecond }: BenchSettings, { places }: ShardSide): readonly number[] {
  return places.map((place) => place / connectRatePerSecond)
}

function publisherPlan(settings: BenchSettings, topics: LoadTopics, number: number) {
  const { load, end } = settings
  const { publishers } = wholeOf(settings)
  const messages = messagesOf(end, number, publishers)
  const due: number[] = []
  if (load.mode === 'paced') {
    const curve = 'stages' in load ? RateCurve.stages(load.stages) : RateCurve.constant(load.ratePerSecond, 3000)
    const schedule = arrivalSchedule({ curve, publisher: number, publishers, messages }, load.arrival, Math.random)
    for (; schedule.dueMicroseconds < 1e6 && due.length < 50; schedule.advance()) due.push(schedule.dueMicroseconds)
  }
  const { clientId } = publisherNames(settings, number, runName)
  return { number, clientId, topic: topics.topicOf(number), messages: end.by === 'messages' ? messages : 'time', due }
}

type Plan = ReturnType<typeof planOf>

/** All that several processes do, in the order of the clients. */
function together(plans: readonly Plan[]): Plan {
  const every = <Item>(of: (plan: Plan) => readonly Item[]) => plans.flatMap(of)
  const ascending = (kind: string) => every((plan) => plan.beginnings[kind] ?? []).sort((a, b) => a - b)
  return {
    connections: every((plan) => plan.connections).sort(byNumber),
    publishers: every((plan) => plan.publishers).sort((a, b) => a.number - b.number),
    subscribers: every((plan) => plan.subscribers).sort(([a = ''], [b = '']) => byNumber(a, b)),
    responders: plans.reduce((sum, plan) => sum + plan.responders, 0),
    beginnings: Object.fromEntries(['connections', 'publishers', 'subscribers'].map((kind) => [kind, ascending(kind)])),
  }
}

function byNumber(a: string, b: string): number {
  return Number(a.split('-').at(-1)) - Number(b.split('-').at(-1))
}

const paced = (ratePerSecond: number) => ({ mode: 'paced', ratePerSecond, arrival: 'uniform' }) as const
const runs: Readonly<Record<string, Changes>> = {
  'pairs at a rate': { publishers: 7, subscribers: 7, load: paced(1000), end: { by: 'duration', milliseconds: 1000 } },
  'pairs at less than a message a second each': { publishers: 10, subscribers: 10, load: paced(3.7) },
  'pairs in stages': {
    publishers: 7,
    subscribers: 7,
    load: { mode: 'paced', stages: [{ durationMs: 500, ratePerSecond: 300 }], arrival: 'uniform' },
  },
  'pairs by number': { publishers: 8, subscribers: 8, end: { by: 'messages', count: 1003 } },
  'fan-out': { publishers: 1, subscribers: 101, load: paced(10) },
  'fan-in': { publishers: 101, subscribers: 1, load: paced(10) },
  'publishers alone': { mode: 'pub', publishers: 23, subscribers: 0, load: paced(77) },
  'a shared subscription': { publishers: 8, subscribers: 9, share: 'crew', load: paced(10) },
  'shared subscriptions': {
    publishers: 8,
    subscribers: 9,
    share: 'crew',
    topic: 'a/%i',
    filter: 'a/%i',
    load: paced(10),
  },
  connections: { mode: 'conn', publishers: 0, subscribers: 0, connections: 29 },
  requests: { mode: 'rpc', publishers: 9, subscribers: 9, load: paced(90) },
  'numbered from elsewhere': { publishers: 9, subscribers: 9, clients: { clientId: 'c-%i', firstNumber: 5000 } },
}

describe('the shards of a run', () => {
  for (const [name, run] of Object.entries(runs)) {
    for (const count of [1, 2, 3, 4, 7]) {
      for (const isPaired of [true, false]) {
        test(`${name}: ${count} together are the run, ${isPaired ? 'paired' : 'apart'}`, () => {
          const whole = planOf(settingsOf({ ...run, connectRatePerSecond: 40 }))

          const shards = Array.from({ length: count }, (_, index) =>
            planOf(settingsOf({ ...run, connectRatePerSecond: 40 }, index + 1, count, isPaired)),
          )

          assert.deepEqual(together(shards), together([whole]))
        })
      }
    }
  }

  test('have a rate each that together is the rate', () => {
    const shares = [1, 2, 3].map((index) => rateShareOf(settingsOf({ publishers: 10, subscribers: 10 }, index, 3)))

    assert.deepEqual(shares, [0.4, 0.3, 0.3])
  })

  test('have a publisher and its subscriber on one shard, or on two', () => {
    const sides = (isPaired: boolean) =>
      [1, 2, 3].map((index) => {
        const { part } = settingsOf({ publishers: 6, subscribers: 6 }, index, 3, isPaired)
        return [part?.publishers.numbers, part?.subscribers.numbers]
      })

    assert.deepEqual(sides(true), [
      [
        [0, 1],
        [0, 1],
      ],
      [
        [2, 3],
        [2, 3],
      ],
      [
        [4, 5],
        [4, 5],
      ],
    ])
    assert.deepEqual(sides(false), [
      [
        [0, 1],
        [2, 3],
      ],
      [
        [2, 3],
        [4, 5],
      ],
      [
        [4, 5],
        [0, 1],
      ],
    ])
  })

  test('have what bench sub waits for in parts', () => {
    const sub = { mode: 'sub', publishers: 0, subscribers: 4, end: { by: 'messages', count: 10 } } as const

    const ends = [1, 2, 3].map((index) => settingsOf(sub, index, 3).end)

    assert.deepEqual(ends, [
      { by: 'messages', count: 4 },
      { by: 'messages', count: 3 },
      { by: 'messages', count: 3 },
    ])
  })

  test('keep a shared subscription together', () => {
    const run = { publishers: 4, subscribers: 5, share: 'crew' }

    const members = [1, 2, 3].map((index) => settingsOf(run, index, 3).part?.subscribers.numbers)

    assert.deepEqual(members, [[0, 1, 2, 3, 4], [], []])
  })

  test('have one window at QoS 0', () => {
    const limits = [1, 2, 3].map((index) => settingsOf({ inflight: 100, publishers: 3 }, index, 3).connection)

    assert.deepEqual(
      limits.map(({ inflightMaximum }) => inflightMaximum),
      [34, 33, 33],
    )
  })

  test('are refused where one would have no client, on each of them alike', () => {
    for (const index of [1, 4]) {
      assert.throws(
        () => settingsOf({ publishers: 3, subscribers: 3 }, index, 4),
        (error: MqttCliError) => error.kind === 'usage' && /shard 4 of 4/.test(error.message),
      )
    }
  })
})
