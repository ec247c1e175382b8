import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConnackRefused } from '../../../src/connection/connect-failures.ts'
import { backoffMs, boundedBackoffMs } from '../../../src/connection/reconnect/backoff.ts'
import { mayReconnectAfter, mayRetryAfter, retryUntilMs } from '../../../src/connection/reconnect/reconnect-policy.ts'
import { ShortLived } from '../../../src/connection/reconnect/short-lived.ts'
import { type ErrorKind, MqttCliError } from '../../../src/errors.ts'
import { reasonCodesOf } from '../../../src/protocol/reason-codes.ts'
import { connack, disconnect } from '../../support/packets/packets.ts'

describe('the delay before a reconnect', () => {
  test('doubles from 1 s to 30 s', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, 1))

    assert.deepEqual(longest, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  test('is anything below that: a thousand clients do not come back together', () => {
    assert.deepEqual([backoffMs(3, 0), backoffMs(3, 0.25), backoffMs(60, 0.5)], [0, 2000, 15_000])
  })
})

describe('DISCONNECT from the broker', () => {
  const comeBack = new Set([0x80, 0x83, 0x89, 0x8b, 0x8d, 0x96, 0x97, 0x9f, 0xa0])
  const codes = [...reasonCodesOf('disconnect', 5).values()].filter(({ sender }) => sender !== 'client')

  for (const { code, name } of codes) {
    const may = comeBack.has(code)
    test(`fault 18: 0x${code.toString(16)} ${name} ${may ? 'may be followed by another connection' : 'is final'}`, () => {
      const error = new MqttCliError('refused', 'm')

      assert.equal(mayReconnectAfter({ error, disconnect: disconnect(code) }), may)
    })
  }

  test('fault 18: all of these codes are known', () => {
    for (const code of comeBack)
      assert.ok(
        codes.some((known) => known.code === code),
        `0x${code.toString(16)}`,
      )
  })
})

describe('a connection that ended without a word', () => {
  const rows: ReadonlyArray<readonly [kind: ErrorKind, may: boolean]> = [
    ['lost', true],
    ['protocol', false],
    ['unreachable', false],
    ['local-io', false],
  ]
  for (const [kind, may] of rows) {
    test(`${may ? 'may' : 'may not'} be followed by another after '${kind}'`, () => {
      assert.equal(mayReconnectAfter({ error: new MqttCliError(kind, 'm') }), may)
    })
  }

  test('is not followed by another when it was planned', () => {
    assert.equal(mayReconnectAfter({}), false)
  })
})

describe('a failed attempt', () => {
  for (const [version, later] of [
    [5, [0x88, 0x89, 0x97, 0x9f]],
    [4, [3]],
  ] as const) {
    for (const { code, name } of reasonCodesOf('connack', version).values()) {
      if (code === 0) continue
      const may = (later as readonly number[]).includes(code)
      test(`fault ${may ? 16 : 15}: CONNACK 0x${code.toString(16)} ${name} at ${version} says ${may ? 'later' : 'no'}`, () => {
        assert.equal(mayRetryAfter(new ConnackRefused(connack({}, { reasonCode: code }), version)), may)
      })
    }
  }

  test('may be followed by another when nobody was there, and not when the peer broke the protocol', () => {
    const kinds: readonly ErrorKind[] = ['unreachable', 'lost', 'protocol', 'refused', 'local-io']

    const may = kinds.map((kind) => mayRetryAfter(new MqttCliError(kind, 'm')))

    assert.deepEqual(may, [true, true, false, false, false])
  })
})

test('reconnecting lasts not at all, for a time, or for ever', () => {
  const until = [{ mode: 'never' }, { mode: 'for', seconds: 60 }, { mode: 'forever' }] as const

  const untilMs = until.map((settings) => retryUntilMs(settings, 5000))

  assert.deepEqual(untilMs, [5000, 65_000, Number.POSITIVE_INFINITY])
})

describe('connections that end as soon as they stand', () => {
  const thrownOut = { error: new MqttCliError('lost', 'thrown out'), isWordless: true } as const
  const onSubscribe = { ...thrownOut, closedOn: 'SUBSCRIBE' }

  test('fault 19: are endured seven times, and the eighth ends the run with advice that names the client id', () => {
    const shortLived = new ShortLived()

    const ends = Array.from({ length: 8 }, () => shortLived.ended(100, thrownOut, 'me'))

    assert.deepEqual(ends.slice(0, 7), Array(7).fill(undefined))
    assert.equal(ends[7]?.kind, 'lost')
    assert.match(ends[7]?.details.causes?.join() ?? '', /same client id “me”/)
    assert.equal(ends[7]?.cause, thrownOut.error)
  })

  test('fault 19: from the second on the cause is in the note', () => {
    const shortLived = new ShortLived()

    const said = Array.from({ length: 2 }, () => {
      shortLived.ended(100, thrownOut, 'me')
      return shortLived.explained(thrownOut.error, thrownOut, 'me').message
    })

    assert.equal(said[0], 'thrown out')
    assert.match(said[1] ?? '', /client id “me”/)
  })

  test('fault 19: a broker that closes on a packet of ours is not another client', () => {
    const shortLived = new ShortLived()

    const ends = Array.from({ length: 8 }, () => shortLived.ended(100, onSubscribe, 'me'))
    const note = shortLived.explained(thrownOut.error, onSubscribe, 'me').message

    assert.doesNotMatch(ends[7]?.details.causes?.join() ?? '', /client id/)
    assert.match(ends[7]?.message ?? '', /SUBSCRIBE/)
    assert.match(note, /SUBSCRIBE/)
  })

  test('fault 19: a broker that said why, and a silent one, are not another client', () => {
    const ends = [{ disconnect: { type: 'disconnect', reasonCode: 0x89, properties: {} } as const }, {}]

    for (const end of ends) {
      const shortLived = new ShortLived()
      for (let count = 0; count < 7; count++) shortLived.ended(100, { ...end, error: thrownOut.error }, 'me')
      assert.doesNotMatch(shortLived.ended(100, end, 'me')?.details.causes?.join() ?? '', /client id/)
    }
  })

  test('fault 19: a broker that was not there in between is not another client', () => {
    const shortLived = new ShortLived()
    for (let count = 0; count < 7; count++) shortLived.ended(100, thrownOut, 'me')
    shortLived.foundNobody()

    const end = shortLived.ended(100, thrownOut, 'me')
    const note = shortLived.explained(thrownOut.error, thrownOut, 'me').message

    assert.doesNotMatch(end?.details.causes?.join() ?? '', /client id/)
    assert.match(note, /the broker stops and starts/)
  })

  test('fault 19: make each delay longer than the one before', () => {
    const shortLived = new ShortLived()
    const delays: number[] = []

    for (let count = 0; count < 6; count++) {
      shortLived.ended(100, thrownOut)
      delays.push(backoffMs(shortLived.attempt, 1))
    }

    assert.deepEqual(delays, [2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  test('fault 19: count no more after one that stood for five seconds', () => {
    const shortLived = new ShortLived()
    shortLived.ended(100, thrownOut)

    shortLived.ended(5000, thrownOut)

    assert.equal(shortLived.attempt, 0)
  })

  test('fault 19: two clients that wait ever longer still throw each other out', () => {
    const shortLived = new ShortLived()
    for (let count = 0; count < 7; count++) shortLived.ended(100, thrownOut)

    assert.deepEqual([shortLived.lived(30_000), shortLived.lived(60_000)], [false, true])
  })
})

describe('a wait inside a bound', () => {
  const rows: ReadonlyArray<readonly [attempt: number, leftMs: number, expected: number | undefined]> = [
    [0, 10_000, 1000],
    [3, 10_000, 8000],
    [4, 10_000, 5000], // 16 s would end past it
    [4, 1000, 500],
    [4, 999, undefined],
    [5, Number.POSITIVE_INFINITY, 30_000],
  ]
  for (const [attempt, leftMs, expected] of rows) {
    test(`of ${leftMs} ms, at attempt ${attempt}, is ${expected ?? 'none'}`, () => {
      assert.equal(boundedBackoffMs(attempt, 1, leftMs), expected)
    })
  }
})
