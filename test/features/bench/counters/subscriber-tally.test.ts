import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SubscriberTally, tallyPercentile, tallySum } from '../../../../src/features/bench/counters/subscriber-tally.ts'

const hourMicroseconds = 3_600_000_000

test('percentiles of a tally are those of its values, to six per cent', () => {
  const values = fc.array(fc.integer({ min: 0, max: hourMicroseconds }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (microseconds, percentile) => {
      const tally = new SubscriberTally()
      for (const each of microseconds) tally.record(each)
      const sorted = microseconds.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil((percentile / 100) * sorted.length)) - 1]!

      const told = tallyPercentile(tally.counts, percentile)!

      assert.ok(Math.abs(told - exact) <= exact / 16, `${told} for ${exact}`)
    }),
  )
})

test('several tallies are added up, and one without a value has no percentile', () => {
  const [one, other] = [new SubscriberTally(), new SubscriberTally()]
  for (const each of [1, 2, 3]) one.record(each)
  other.record(9)

  assert.equal(tallyPercentile(tallySum([one.counts, other.counts]), 100), 9)
  assert.equal(tallyPercentile(tallySum([one.counts, other.counts]), 50), 2)
  assert.equal(tallyPercentile(tallySum([]), 50), null)
})
