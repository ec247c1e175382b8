import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { trendOf } from '../../../../src/features/bench/history/trend.ts'

/** Expected values: R 4.2, cor.test(method = "kendall"), and the median of all slopes of logarithms. */
describe('the trend of values', () => {
  test('that rise, with some out of order: exact', () => {
    const trend = trendOf([10.2, 10.1, 10.4, 10.3, 10.6, 10.5, 10.9, 10.8, 11.0, 11.3])

    assert.ok(Math.abs((trend?.probability ?? 0) - 0.000357694003527) < 1e-12)
    assert.ok(Math.abs((trend?.change ?? 0) - 0.107843137255) < 1e-10)
  })

  test('without a direction', () => {
    assert.equal(trendOf([5, 3, 8, 1, 9, 2, 7, 4])?.probability, 1)
  })

  test('with ties: by a normal curve', () => {
    const trend = trendOf([1, 1, 2, 2, 3, 3, 4, 4, 5, 5])

    assert.ok(Math.abs((trend?.probability ?? 0) - 0.000370577214715) < 1e-6)
  })

  test('that are all the same is none', () => {
    assert.deepEqual(trendOf([3, 3, 3, 3, 3, 3, 3, 3]), { change: 0, probability: 1 })
  })

  test('of seven is not told', () => {
    assert.equal(trendOf([1, 2, 3, 4, 5, 6, 7]), undefined)
  })

  test('one wild run does not tilt it', () => {
    const trend = trendOf([100, 101, 99, 100, 900, 100, 101, 99, 100, 100])

    assert.ok(Math.abs(trend?.change ?? 1) < 0.02)
  })
})
