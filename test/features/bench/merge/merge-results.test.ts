import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import type { MqttCliError } from '../../../../src/errors.ts'
import type { BenchResult } from '../../../../src/features/bench/events.ts'
import { mergeResults } from '../../../../src/features/bench/merge/merge-results.ts'
import { shardResults } from '../../../../src/features/bench/merge/shard-results.ts'
import type { HeardFigures, OtherShard, SentFigures } from '../../../../src/features/bench/shard-figures.ts'

/** The standard form, by the library alone. */
function encoded(microseconds: readonly number[]): string {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  })
  for (const each of microseconds) histogram.recordValue(each)
  return encodeIntoCompressedBase64(histogram as Parameters<typeof encodeIntoCompressedBase64>[0])
}

const noTimes = {
  count: 0,
  meanMicroseconds: null,
  p50Microseconds: null,
  p90Microseconds: null,
  p95Microseconds: null,
  p99Microseconds: null,
  p99_9Microseconds: null,
  maxMicroseconds: null,
}

interface Part {
  readonly index: number
  readonly count?: number
  readonly sent?: readonly SentFigures[]
  readonly heard?: readonly HeardFigures[]
  readonly others?: readonly OtherShard[]
  readonly times?: readonly number[]
  readonly changes?: Partial<BenchResult>
}

/** A result of a shard, by hand. */
function shardResult({
  index,
  count = 3,
  sent = [],
  heard = [],
  others = [],
  times = [],
  changes = {},
}: Part): BenchResult {
  const received = heard.reduce((sum, each) => sum + each.received, 0)
  const sentInAll = sent.reduce((sum, { measured }) => sum + measured, 0)
  return {
    v: 1,
    type: 'bench-result',
    mode: 'pubsub',
    load: 'paced',
    runId: '0000beef',
    startedAt: `2026-01-02T03:04:0${index}.000Z`,
    target: 'mqtt://localhost:1883',
    mqttVersion: 5,
    qos: 1,
    publishers: sent.length,
    subscribers: 1,
    payloadBytes: [64, 64],
    measuredSeconds: 10,
    connect: {
      attempted: 2,
      connected: 2,
      refused: index === 1 ? { 'Not authorized (0x87)': 1 } : {},
      faults: {},
      lost: {},
      reconnected: 0,
      perSecond: 10,
      times: noTimes,
    },
    messages: {
      offered: sentInAll,
      sent: sentInAll,
      acked: sentInAll,
      refused: {},
      unconfirmed: 0,
      unsent: 0,
      late: index,
    },
    arrivals: {
      received,
      lost: 0,
      lateToArrive: 0,
      duplicate: 0,
      reordered: 0,
      ofWarmup: 5,
      foreign: 1,
      payloadBytes: 64 * received,
    },
    perPublisher: [],
    shard: {
      index,
      count,
      run: 'nightly',
      settings: '0123456789abcdef',
      firstClient: index - 1,
      clients: { connections: 0, publishers: sent.length, subscribers: 1 },
      whole: { connections: 0, publishers: 3, subscribers: 3 },
      sent,
      heard,
      others,
    },
    seconds: [second(1, index), second(2, 10 * index)],
    rates: { asked: 1000 / 3, sent: 100, received: 100, payloadBytes: 6400 },
    outstanding: { most: 7, atEnd: 1 },
    response: { ...noTimes, count: times.length },
    generator: { cpu: 0.5, cpuMicrosecondsPerMessage: 10 * index, workers: 1, residentBytes: 1e6, loopDelay: noTimes },
    verdict: { isValid: true, problems: [], notes: [] },
    thresholds: [],
    histograms: { response: encoded(times), connect: encoded([100 * index]), loopDelay: encoded([]) },
    ...changes,
  }
}

function second(number: number, sent: number) {
  return {
    phase: 'measure',
    second: number + 0.1,
    offered: sent,
    sent,
    acked: sent,
    received: sent,
    outstanding: 1,
    payloadBytes: 64 * sent,
    connected: 2,
    cpu: 0.2,
    loopDelayMaxMicroseconds: 100 * sent,
  } as const
}

function merge(...results: readonly BenchResult[]): BenchResult {
  if (results.length === 1) return results[0]!
  return mergeResults(shardResults(results.map((result, number) => ({ result, name: `${number}.json` }))), [])
}

const heardOf = (publisher: number, received: number, more: Partial<HeardFigures> = {}): HeardFigures => {
  return { publisher, audience: 1, received, duplicate: 0, reordered: 0, ...more }
}

/** Publisher 1 is on the second shard, and its subscribers on the first and the third. */
const across = [
  shardResult({
    index: 1,
    sent: [{ publisher: 0, warmup: 10, measured: 100 }],
    heard: [heardOf(0, 100), heardOf(1, 190, { duplicate: 2 })],
    times: [1000, 1000, 1000, 1000],
  }),
  shardResult({ index: 2, sent: [{ publisher: 1, warmup: 20, measured: 200 }], times: [2000] }),
  shardResult({
    index: 3,
    sent: [{ publisher: 2, warmup: 30, measured: 300 }],
    heard: [heardOf(1, 400, { audience: 2 }), heardOf(2, 299)],
    times: [90_000],
  }),
]

describe('results of shards, put together', () => {
  test('compare what was sent on one machine with what came on others', () => {
    const { arrivals, perPublisher, messages } = merge(...across)

    assert.deepEqual(
      perPublisher?.map(({ publisher, expected, received, lost }) => [publisher, expected, received, lost]),
      [
        [0, 100, 100, 0],
        [1, 600, 590, 10],
        [2, 300, 299, 1],
      ],
    )
    assert.deepEqual([arrivals?.expected, arrivals?.received, arrivals?.lost, arrivals?.ofWarmup], [1000, 989, 11, 15])
    assert.deepEqual([messages?.sent, messages?.late], [600, 6])
  })

  test('count single messages that a subscriber asked for by number, those of the warm-up not', () => {
    const sent = [{ publisher: 0, warmup: 5, measured: 10 }]
    const heard = [heardOf(0, 2, { audience: 0, numbered: [3, 5, 9, 14, 15] })]

    const { perPublisher } = merge(shardResult({ index: 1, sent }), shardResult({ index: 2, heard }))

    assert.deepEqual([perPublisher?.[0]?.expected, perPublisher?.[0]?.lost], [3, 1])
  })

  test('tell late from lost where the drain was over', () => {
    const sent = [{ publisher: 0, warmup: 0, measured: 100 }]
    const heard = [heardOf(0, 165, { audience: 2, upTo: [100, 70] })]

    const { arrivals } = merge(shardResult({ index: 1, sent }), shardResult({ index: 2, heard }))

    assert.deepEqual([arrivals?.expected, arrivals?.lost, arrivals?.lateToArrive], [200, 5, 30])
  })

  test('are comparable by the settings of the whole run, and by all machines that made it', () => {
    const fingerprint = (publishers: number, cpu: string) => ({
      settings: { mode: 'pubsub', publishers, subscribers: 1, workers: 1, qos: 1 },
      machine: { cpu, cores: 2 },
      broker: { version: 'mosquitto 2.0.11' },
    })
    const part = (index: number, publishers: number, cpu: string) =>
      shardResult({ index, count: 2, changes: { fingerprint: fingerprint(publishers, cpu) } })

    const merged = merge(part(1, 2, 'EPYC'), part(2, 3, 'Xeon')).fingerprint
    const unknown = merge(part(1, 2, 'EPYC'), shardResult({ index: 2, count: 2 })).fingerprint

    assert.deepEqual(merged, {
      settings: { mode: 'pubsub', publishers: 5, subscribers: 2, workers: 2, qos: 1, shards: 2 },
      machine: { cpu: 'EPYC + Xeon', cores: 2 },
      broker: { version: 'mosquitto 2.0.11' },
    })
    assert.equal(unknown, undefined)
  })

  test('have percentiles of all messages, and never means of percentiles', () => {
    const { response } = merge(...across)

    assert.equal(response?.count, 6)
    assert.equal(response?.p50Microseconds, 1000)
    assert.ok(Math.abs((response?.maxMicroseconds ?? 0) - 90_000) < 100)
  })

  test('have the largest error of any clock beside their percentiles', () => {
    const withError = (index: number, clockErrorMicroseconds: number) =>
      shardResult({ index, times: [1000], changes: { response: { ...noTimes, count: 1, clockErrorMicroseconds } } })

    const { response } = merge(withError(1, 20), withError(2, 50), shardResult({ index: 3, times: [1000] }))

    assert.deepEqual([response?.count, response?.clockErrorMicroseconds], [3, 50])
  })

  test('tell no times where the largest error is more than a tenth of the median of all', () => {
    const withError = (index: number, clockErrorMicroseconds: number, times: readonly number[]) =>
      shardResult({ index, times, changes: { response: { ...noTimes, count: 1, clockErrorMicroseconds } } })

    const { response, histograms, verdict } = merge(withError(1, 20, [1000, 1000, 1000]), withError(2, 900, [10_000]))

    assert.deepEqual([response?.count, response?.clockErrorMicroseconds], [0, 900])
    assert.equal(histograms.response, undefined)
    assert.match(verdict.problems.join('\n'), /±900 µs/)
  })

  test('tell no times where a shard told none of what came to it: the others are not the run', () => {
    const untold = { response: noTimes, histograms: { connect: encoded([1]) } }
    const heard = [heardOf(0, 5)]

    const { response, histograms } = merge(
      shardResult({ index: 1, heard, times: [1000], changes: { response: { ...noTimes, count: 1 } } }),
      shardResult({ index: 2, heard, changes: untold }),
    )

    assert.deepEqual([response?.count, histograms.response, histograms.connect !== undefined], [0, undefined, true])
  })

  test('add rates, seconds and reasons, and thirds of a rate to the rate', () => {
    const { rates, seconds, connect, generator, outstanding, startedAt } = merge(...across)

    assert.deepEqual([rates.asked, rates.sent, rates.payloadBytes], [1000, 300, 19_200])
    assert.deepEqual(
      seconds?.map((each) => [each.second, each.sent, each.connected, each.loopDelayMaxMicroseconds]),
      [
        [1.1, 6, 6, 300],
        [2.1, 60, 6, 3000],
      ],
    )
    assert.deepEqual(connect.refused, { 'Not authorized (0x87)': 1 })
    assert.equal(generator.cpu, 1.5)
    // 5 s of CPU each, at 10, 20 and 30 µs a message: 500,000 and 250,000 and 166,667 messages
    assert.ok(Math.abs((generator.cpuMicrosecondsPerMessage ?? 0) - 15e6 / (5e5 + 2.5e5 + 5e6 / 30)) < 1e-6)
    assert.deepEqual(outstanding, { most: 21, atEnd: 3 })
    assert.equal(startedAt, '2026-01-02T03:04:01.000Z')
  })

  test('are one result in whatever order and by whatever steps: associative, and free of order', () => {
    const whole = merge(...across)
    const [a, b, c] = across as [BenchResult, BenchResult, BenchResult]

    for (const other of [
      merge(c, a, b),
      merge(merge(a, b), c),
      merge(a, merge(b, c)),
      merge(merge(c, b), merge(a)),
      merge(b, merge(c, a)),
    ]) {
      assert.deepEqual(other, whole)
    }
  })

  test('of one shard are that shard', () => {
    assert.equal(merge(across[0]!), across[0])
  })

  test('are not valid without a shard, which is named with what the others saw', () => {
    const others: readonly OtherShard[] = [
      { index: 2, state: 'gone', afterSeconds: 2.5 },
      { index: 3, state: 'done' },
    ]
    const { verdict, merged } = merge(
      shardResult({ index: 1, others }),
      shardResult({ index: 3, others: [{ index: 2, state: 'running' }] }),
    )

    assert.deepEqual(merged?.missing, [2])
    assert.equal(verdict.isValid, false)
    assert.deepEqual(verdict.problems, [
      'shard 2 of 3 is missing: it was gone 2.5 s after the load began, says shard 1',
    ])
  })

  test('are not valid where a shard is not, and say which, once where several say the same', () => {
    const broken = { verdict: { isValid: false, problems: ['a free core'], notes: ['a note'] } }
    const { verdict } = merge(
      shardResult({ index: 1, changes: broken }),
      shardResult({ index: 2 }),
      shardResult({ index: 3, changes: broken }),
    )

    assert.equal(verdict.isValid, false)
    assert.deepEqual(verdict.problems, ['shards 1, 3: a free core'])
    assert.deepEqual(verdict.notes, ['shards 1, 3: a note'])
  })

  test('do not say what was expected of publishers whose shard is missing', () => {
    const { arrivals } = merge(across[0]!, across[2]!)

    assert.equal(arrivals?.expected, undefined)
    assert.equal(arrivals?.received, 989)
  })

  test('add what is held, and storms with their times', () => {
    const idle = (held: number, residentBytesEach: number) => ({
      connections: held,
      held,
      heldSeconds: held,
      residentBytesEach,
      storms: [{ reconnected: held, failed: {}, seconds: held, times: noTimes }],
    })
    const conn = (index: number, held: number, bytes: number): BenchResult =>
      shardResult({
        index,
        count: 2,
        changes: {
          mode: 'conn',
          idle: idle(held, bytes),
          histograms: { connect: encoded([1]), storms: [encoded([held])] },
        },
      })

    const { idle: merged, histograms } = merge(conn(1, 101, 4000), conn(2, 301, 8000))

    assert.deepEqual([merged?.connections, merged?.held, merged?.heldSeconds], [402, 402, 101])
    assert.equal(merged?.residentBytesEach, 7000)
    assert.deepEqual(
      [merged?.storms[0]?.reconnected, merged?.storms[0]?.seconds, merged?.storms[0]?.times.count],
      [402, 301, 2],
    )
    assert.equal(histograms.storms?.length, 1)
  })

  const rows: readonly (readonly [what: string, results: readonly BenchResult[], kind: string, said: RegExp])[] = [
    [
      'the same shard twice',
      [across[0]!, across[1]!, across[0]!],
      'usage',
      /shard 1 is there twice: 0.json and 2.json/,
    ],
    [
      'a shard that is in a merged result too',
      [merge(across[0]!, across[1]!), across[1]!],
      'usage',
      /shard 2 is there twice/,
    ],
    [
      'shards of two runs',
      [across[0]!, { ...across[1]!, runId: '0000bee0' }],
      'usage',
      /0.json is of the run nightly, and 1.json/,
    ],
    [
      'shards of two loads',
      [across[0]!, { ...across[1]!, shard: { ...across[1]!.shard!, settings: 'fedcba9876543210' } }],
      'usage',
      /asked for different loads/,
    ],
    ['a run without shards', [across[0]!, withoutShard(across[1]!)], 'usage', /1.json is a whole run/],
    [
      'a file that somebody wrote himself',
      [across[0]!, { ...across[1]!, shard: { ...across[1]!.shard!, sent: [{ publisher: -1 }] as never } }],
      'local-io',
      /Cannot merge 1.json/,
    ],
    [
      'a histogram that is none',
      [across[0]!, { ...across[1]!, histograms: { response: 'AAAA' } }],
      'local-io',
      /Cannot merge 1.json/,
    ],
  ]
  for (const [what, results, kind, said] of rows) {
    test(`are refused: ${what}`, () => {
      assert.throws(
        () => merge(...results),
        (error: MqttCliError) => error.kind === kind && said.test(error.message),
      )
    })
  }
})

function withoutShard({ shard: _, ...result }: BenchResult): BenchResult {
  return result
}
