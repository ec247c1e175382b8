import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needsConsent } from '../../../../src/cli/settings/load-consent.ts'
import { threshold } from '../../../../src/cli/values/threshold.ts'
import { MqttCliError } from '../../../../src/errors.ts'
import type { Judged, LatencyFigures } from '../../../../src/features/bench/events.ts'
import { evaluate } from '../../../../src/features/bench/report/thresholds.ts'
import { verdictOf } from '../../../../src/features/bench/report/verdict.ts'
import { failureOf } from '../../../../src/features/bench/run-bench.ts'
import { mostSevereError } from '../../../../src/features/bench/workers/most-severe-error.ts'
import { wordingOf } from '../../../support/program/worded.ts'

const times: LatencyFigures = {
  count: 100,
  meanMicroseconds: 900,
  p50Microseconds: 800,
  p90Microseconds: 1500,
  p95Microseconds: 1800,
  p99Microseconds: 12_000,
  p99_9Microseconds: 40_000,
  maxMicroseconds: 50_000,
}

const undisturbed = { isEmbedded: false, warmupFraction: 0, awaited: 0, isStandstillWanted: false }

const judged: Judged = {
  v: 1,
  type: 'bench-result',
  mode: 'pubsub',
  load: 'paced',
  runId: '01020304',
  startedAt: '2026-01-02T03:04:05.000Z',
  target: 'mqtt://localhost:1883',
  qos: 0,
  publishers: 1,
  subscribers: 1,
  payloadBytes: [64, 64],
  measuredSeconds: 10,
  connect: {
    attempted: 10,
    connected: 9,
    refused: { 'Not authorized (0x87)': 1 },
    faults: {},
    lost: {},
    reconnected: 0,
    perSecond: 100,
    times,
  },
  messages: { offered: 1000, sent: 1000, acked: 0, refused: {}, unconfirmed: 0, unsent: 0, late: 5 },
  arrivals: {
    expected: 1000,
    received: 998,
    lost: 2,
    lateToArrive: 0,
    duplicate: 0,
    reordered: 0,
    ofWarmup: 0,
    foreign: 0,
    payloadBytes: 63_872,
  },
  rates: { asked: 100, sent: 100, received: 99.8, payloadBytes: 6387 },
  response: times,
  service: times,
  generator: { cpu: 0.5, cpuMicrosecondsPerMessage: 5, workers: 1, residentBytes: 8e7, loopDelay: times },
  histograms: {},
}

test('a standstill that a disturbance made is a note, and any other makes the result not valid', () => {
  const owed = { acknowledgements: 3, deliveries: 0, unread: 0, unreadBytes: 0, away: 2 }
  const still = { ...judged, standstill: { seconds: 2, owed } }
  const verdict = (isStandstillWanted: boolean) => {
    return verdictOf(still, { ...undisturbed, isStandstillWanted }, wordingOf('bench'))
  }

  assert.deepEqual([verdict(false).isValid, verdict(true).isValid], [false, true])
  assert.match(verdict(true).notes.join(), /nothing moved for 2.0 s .* disturbed/)
})

describe('the verdict', () => {
  const generator = (cpu: number, p99Microseconds = 1000) => ({
    ...judged.generator,
    cpu,
    sendDelay: { ...times, p99Microseconds },
  })
  const cases: ReadonlyArray<readonly [what: string, changes: Partial<Judged>, isValid: boolean]> = [
    ['a rate that was made', { generator: generator(0.5) }, true],
    [
      'a rate that was missed with an idle generator: the broker held it up',
      { rates: { ...judged.rates, sent: 50 } },
      true,
    ],
    [
      'a rate that was missed with a busy one',
      { rates: { ...judged.rates, sent: 50 }, generator: generator(0.99) },
      false,
    ],
    ['messages that left late by our own doing', { generator: generator(0.5, 25_000) }, false],
    [
      'an event loop that stood still, in times that are as long',
      {
        response: { ...times, p99Microseconds: 100_000 },
        generator: { ...generator(0.5), loopDelay: { ...times, p99Microseconds: 65_000 } },
      },
      false,
    ],
    [
      'an event loop that stood still, in times that are much longer: the broker’s',
      {
        response: { ...times, p99Microseconds: 900_000 },
        generator: { ...generator(0.5), loopDelay: { ...times, p99Microseconds: 65_000 } },
      },
      true,
    ],
    [
      'an event loop that stood still once, in a run of a moment',
      {
        response: { ...times, p99Microseconds: 100_000 },
        generator: { ...generator(0.5), loopDelay: { ...times, count: 50, p99Microseconds: 65_000 } },
      },
      true,
    ],
    [
      'an event loop that stood still, where no time is measured',
      {
        response: undefined,
        service: undefined,
        generator: { ...generator(0.5), loopDelay: { ...times, p99Microseconds: 65_000 } },
      },
      true,
    ],
    ['saturating with a core to spare', { load: 'saturate', generator: generator(0.5) }, true],
    ['saturating with a core full', { load: 'saturate', generator: generator(0.97) }, false],
  ]
  for (const [what, changes, isValid] of cases) {
    test(what, () => {
      const verdict = verdictOf({ ...judged, ...changes }, undisturbed, wordingOf('bench'))

      assert.equal(verdict.isValid, isValid)
      assert.equal(verdict.problems.length, isValid ? 0 : 1)
      for (const problem of verdict.problems) assert.match(problem, /: .*(--rate|core|machine)/, 'and what to change')
    })
  }

  test('times that cluster at 40 ms earn a note about Nagle', () => {
    const { notes } = verdictOf(
      { ...judged, response: { ...times, p50Microseconds: 41_000 } },
      undisturbed,
      wordingOf('bench'),
    )

    assert.ok(notes.some((note) => note.includes('Nagle')))
  })
})

describe('the notes', () => {
  const sendDelay = (p50Microseconds: number) => ({ ...judged.generator, sendDelay: { ...times, p50Microseconds } })
  const notes: ReadonlyArray<readonly [what: string, changes: Partial<Judged>, note: RegExp | undefined]> = [
    ['a median that is mostly our own', { generator: sendDelay(600) }, /600 µs .* 800 µs.* service time/],
    ['a median that is mostly the broker’s', { generator: sendDelay(390) }, undefined],
    ['payloads of others', { arrivals: { ...judged.arrivals!, foreign: 3 } }, /3 payloads were not of this run/],
    [
      'connections that were lost',
      { connect: { ...judged.connect, lost: { 'Quota exceeded (0x97)': 2 } } },
      /2 connections/,
    ],
    ['a saturating run of a moment', { load: 'saturate', measuredSeconds: 0.1 }, /too short/],
    ['p99 at 44 ms', { response: { ...times, p99Microseconds: 44_000 } }, /40 ms.*TCP_NODELAY/],
    ['p99 at 60 ms', { response: { ...times, p99Microseconds: 60_000 } }, undefined],
  ]
  for (const [what, changes, note] of notes) {
    test(`${note === undefined ? 'say nothing of' : 'emit of'} ${what}`, () => {
      const said = verdictOf({ ...judged, ...changes }, undisturbed, wordingOf('bench')).notes

      assert.equal(said.length, note === undefined ? 0 : 1, said.join('\n'))
      if (note !== undefined) assert.match(said[0] ?? '', note)
    })
  }
})

test('connections and messages that are refused for one reason are counted together', () => {
  const refused = { 'Quota exceeded (0x97)': 2 }
  const verdict = { isValid: true, problems: [], notes: [] }
  const result = { ...judged, connect: { ...judged.connect, refused }, messages: { ...judged.messages!, refused } }

  const failure = failureOf({ ...result, verdict, thresholds: [] }, undefined)

  assert.equal(failure?.kind, 'refused')
  assert.match(failure?.message ?? '', /4 × Quota exceeded/)
})

describe('the most severe of several losses', () => {
  const error = (kind: 'refused' | 'lost' | 'protocol') => new MqttCliError(kind, kind, { tries: [] })
  const orders = [
    ['refused', 'lost', 'lost'],
    ['lost', 'refused', 'lost'],
    ['lost', 'protocol', 'protocol'],
    ['protocol', 'refused', 'protocol'],
  ] as const
  for (const [first, next, decides] of orders) {
    test(`${first}, then ${next}: ${decides}`, () =>
      assert.equal(mostSevereError(error(first), error(next))?.kind, decides))
  }
})

describe('a threshold', () => {
  const result = { ...judged, verdict: { isValid: true, problems: [], notes: [] } }
  const cases: ReadonlyArray<readonly [text: string, held: boolean, measured: number]> = [
    ['p99>20ms', true, 12_000],
    ['p99>11.9ms', false, 12_000],
    ['service.p50>=800us', false, 800],
    ['connect.max>1s', true, 50_000],
    ['lost>0', false, 2],
    ['lost>0.2%', true, 0.2],
    ['lost>0.1%', false, 0.2],
    ['throughput<10000', false, 99.8],
    ['refused>0', false, 1],
    ['late<=5', false, 5],
    ['p99.9 > 50 ms', true, 40_000],
  ]
  for (const [text, held, measured] of cases) {
    test(text, () => {
      const [evaluated] = evaluate([threshold(text, '--fail-if')], result)

      assert.equal(evaluated?.held, held)
      assert.equal(evaluated?.measured, measured)
    })
  }

  test('about what is refused counts connections and messages', () => {
    const refused = { 'Quota exceeded (0x97)': 4 }
    const [evaluated] = evaluate([threshold('refused>4', '--fail-if')], {
      ...result,
      messages: { ...result.messages!, refused },
    })

    assert.equal(evaluated?.measured, 5)
    assert.equal(evaluated?.held, false)
  })

  const untimed = { ...times, count: 0, p50Microseconds: null, p95Microseconds: null, p99Microseconds: null }
  const unmeasured: ReadonlyArray<readonly [what: string, text: string, changes: Partial<Judged>]> = [
    ['a figure that the run has not', 'lost>0', { arrivals: undefined }],
    ['a time without a sample', 'p99>20ms', { response: untimed }],
    ['the same, wanted to be long', 'p95<20ms', { response: untimed }],
    ['a share of nothing', 'lost>1%', { arrivals: { ...judged.arrivals!, expected: 0, lost: 0 } }],
    ['a rate of no time', 'throughput<10', { rates: { sent: null, received: null, payloadBytes: null } }],
    ['connections of which none stood', 'connect.rate<1', { connect: { ...judged.connect, perSecond: null } }],
  ]
  for (const [what, text, changes] of unmeasured) {
    test(`about what was not measured fails: ${what} [fault 57]`, () => {
      const [evaluated] = evaluate([threshold(text, '--fail-if')], { ...result, ...changes })

      assert.deepEqual([evaluated?.held, evaluated?.measured], [false, null])
      assert.match(evaluated?.words ?? '', /^wanted .*; not measured$/)
    })
  }

  const worded: ReadonlyArray<readonly [text: string, words: string]> = [
    ['p99>20ms', 'wanted p99 at most 20 ms; 12 ms: held'],
    ['p99>10ms', 'wanted p99 at most 10 ms; 12 ms: failed'],
    ['p95>=1500us', 'wanted p95 below 1.5 ms; 1.8 ms: failed'],
    ['lost>0', 'wanted lost at most 0 messages; 2 messages: failed'],
    ['lost>0.1%', 'wanted lost at most 0.1 %; 0.2 %: failed'],
    ['throughput<10000', 'wanted throughput at least 10,000 messages/s; 99.8 messages/s: failed'],
    ['sent<=10', 'wanted sent above 10 messages; 1,000 messages: held'],
  ]
  for (const [text, words] of worded) {
    test(`says in words: ${words}`, () => {
      assert.equal(evaluate([threshold(text, '--fail-if')], result)[0]?.words, words)
    })
  }
})

describe('good manners', () => {
  const saturate = { mode: 'saturate' } as const
  const modest = { mode: 'paced', ratePerSecond: 1000, arrival: 'uniform' } as const
  const fast = { ...modest, ratePerSecond: 1001 }
  const hosts: ReadonlyArray<readonly [host: string, isPrivate: boolean]> = [
    ['localhost', true],
    ['127.0.0.1', true],
    ['::1', true],
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['fd00::1', true],
    ['2001:db8::1', false],
    ['broker', true],
    ['broker.lan', true],
    ['broker.example.com', false],
    ['8.8.8.8', false],
  ]
  for (const [host, isPrivate] of hosts) {
    test(`${host} is asked about: ${isPrivate ? 'never' : 'above 1,000 a second, and before it is disturbed'}`, () => {
      const target = { transport: 'tcp', host, port: 1883 } as const

      const disturbances = [{ command: 'kill -9 4711', atMs: 0 }]
      assert.equal(needsConsent(target, { load: saturate, disturbances: [] }), !isPrivate)
      assert.equal(needsConsent(target, { load: fast, disturbances: [] }), !isPrivate)
      assert.equal(needsConsent(target, { load: modest, disturbances: [] }), false)
      assert.equal(needsConsent(target, { load: modest, disturbances }), !isPrivate)
    })
  }
})
