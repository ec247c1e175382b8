import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SubscriberTally } from '../../../../src/features/bench/counters/subscriber-tally.ts'
import { subscriberSpread } from '../../../../src/features/bench/report/subscriber-spread.ts'

/** Each of its messages took so long: a value that the tally keeps exactly. */
function facts(index: number, microseconds: number, received = 100, isSlow = false) {
  const { counts } = new SubscriberTally()
  counts[microseconds] = received
  const account = { expected: 100, received, lost: 100 - received, lateToArrive: 0, duplicate: 0, reordered: 0 }
  return { index, isSlow, received, account, counts }
}

describe('how subscribers differ', () => {
  test('is told of each of up to a hundred, with the slowest tenth', () => {
    const all = Array.from({ length: 20 }, (_, index) => facts(index, index < 18 ? 3 : 12, index === 5 ? 90 : 100))

    const spread = subscriberSpread(all)

    assert.deepEqual(spread?.received, { least: 90, median: 100, most: 100 })
    assert.deepEqual(spread?.lost, { least: 0, median: 0, most: 10 })
    assert.deepEqual(spread?.p99Microseconds, { least: 3, median: 3, most: 12 })
    assert.deepEqual(spread?.slowestTenth, {
      subscribers: 2,
      received: 200,
      lost: 0,
      p50Microseconds: 12,
      p99Microseconds: 12,
    })
    assert.deepEqual(
      spread?.each.map(({ subscriber }) => subscriber),
      all.map(({ index }) => index),
    )
    assert.deepEqual(spread?.each[5], {
      subscriber: 5,
      expected: 100,
      received: 90,
      lost: 10,
      lateToArrive: 0,
      p50Microseconds: 3,
      p99Microseconds: 3,
    })
  })

  test('of a thousand names the hundred slowest, and first those that got nothing', () => {
    const all = Array.from({ length: 1000 }, (_, index) =>
      facts(index, index % 10 === 7 ? 15 : 4, index === 3 ? 0 : 100),
    )

    const spread = subscriberSpread(all)

    const named = spread?.each.map(({ subscriber }) => subscriber) ?? []
    assert.equal(named.length, 100)
    assert.ok(named.includes(3))
    assert.ok(named.every((subscriber) => subscriber === 3 || subscriber % 10 === 7))
    assert.equal(spread?.slowestTenth.subscribers, 100)
    assert.equal(spread?.p99Microseconds.least, 4)
  })

  test('says nothing of one alone, and nothing of those that are slow on purpose', () => {
    assert.equal(subscriberSpread([facts(0, 3), facts(1, 15, 100, true)]), undefined)
  })
})
