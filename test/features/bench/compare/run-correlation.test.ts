import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runCorrelation, widened } from '../../../../src/features/bench/compare/run-correlation.ts'

const drifting = [1, 1.02, 1.05, 1.08, 1.1, 1.13, 1.15, 1.18, 1.2, 1.23]
const mixed = [1.05, 1.18, 1, 1.2, 1.08, 1.13, 1.02, 1.23, 1.1, 1.15]

describe('runs that go with the one before', () => {
  test('are found where a machine drifts, and not in the same runs in another order', () => {
    assert.ok(runCorrelation([drifting, drifting]) > 0.6)
    assert.equal(runCorrelation([mixed, mixed]), 0)
  })

  test('are not looked for among five, nor among runs that are all equal', () => {
    assert.equal(runCorrelation([drifting.slice(0, 5), drifting]), 0)
    assert.equal(runCorrelation([drifting.map(() => 1), drifting.map(() => 1)]), 0)
  })

  test('widen the interval around its ratio: at 0.6 it is as wide as that of a quarter of the runs', () => {
    const { low, high } = widened({ low: 0.9, high: 1.21 }, 1.1, 0.6)

    assert.ok(Math.abs(Math.log(1.1 / low) - 2 * Math.log(1.1 / 0.9)) < 1e-9)
    assert.ok(Math.abs(Math.log(high / 1.1) - 2 * Math.log(1.21 / 1.1)) < 1e-9)
  })
})
