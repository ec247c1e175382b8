import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { noFigures } from '../../../../src/features/bench/counters/second-figures.ts'
import type { Judged, LatencyFigures } from '../../../../src/features/bench/events.ts'
import {
  clockErrorOf,
  clockNotes,
  clockProblems,
  doClocksDisagree,
  isTooUncertain,
} from '../../../../src/features/bench/report/clock-problems.ts'

const clock = (shard: number, errorMicroseconds: number | null) => {
  return { shard, offsetMicroseconds: 0, errorMicroseconds, driftPerMillion: errorMicroseconds && 12.34 }
}

describe('the error of clocks', () => {
  test('is the largest of those whose messages came', () => {
    assert.equal(clockErrorOf([clock(2, 100), clock(3, 400)]), 400)
  })

  test('is not known where one is not, and there is none of one clock', () => {
    assert.equal(clockErrorOf([clock(2, 100), clock(3, null)]), null)
    assert.equal(clockErrorOf([]), undefined)
  })

  for (const [error, p50, isRefused] of [
    [100, 1000, false],
    [101, 1000, true],
    [null, 1_000_000, true],
    [undefined, 1, false],
  ] as const) {
    test(`±${error} of a median of ${p50} is ${isRefused ? 'refused' : 'told'}`, () => {
      assert.equal(isTooUncertain(error, p50), isRefused)
    })
  }

  test('explains what comes that much before it was sent, and no more', () => {
    const p50 = { ...noFigures, p50Microseconds: 20_000 }

    assert.equal(doClocksDisagree(1500, p50, 1600), false)
    assert.equal(doClocksDisagree(1700, p50, 1600), true)
    assert.equal(doClocksDisagree(1700, p50, undefined), true)
  })
})

describe('a latency that is refused for the clocks', () => {
  const response: LatencyFigures = { ...noFigures, clockErrorMicroseconds: 111 }
  const shard = { clocks: [clock(2, 111)] }
  const refused = { load: 'paced', arrivals: { received: 5 }, response, shard } as unknown as Judged

  test('says by how much, and what to do', () => {
    const [advice] = clockProblems(refused)

    assert.ok(typeof advice === 'object' && advice.try === 'one-clock')
    assert.match(advice.because, /±111 µs.*12\.3 µs a second/)
  })

  test('names the shard that did not answer', () => {
    const silent = {
      ...refused,
      response: { ...response, clockErrorMicroseconds: null },
      shard: { clocks: [clock(7, null)] },
    }
    const [advice] = clockProblems(silent as unknown as Judged)

    assert.match((advice as { because: string }).because, /shard(s)? 7/)
  })

  test('is a note where throughput is what was asked for', () => {
    const saturating = { ...refused, load: 'saturate' } as Judged

    assert.deepEqual(clockProblems(saturating), [])
    assert.equal(clockNotes(saturating).length, 1)
  })
})
