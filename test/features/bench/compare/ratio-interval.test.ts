import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ratioInterval } from '../../../../src/features/bench/compare/ratio-interval.ts'

const values = [0.96, 0.98, 0.99, 1, 1.01, 1.02, 1.04, 0.97, 1.03, 1]

describe('the interval of a ratio', () => {
  test('is the same for the same runs', () => {
    const runs = values.map((value, index) => ({ value, start: String(index) }))

    assert.deepEqual(ratioInterval(runs, runs), ratioInterval(runs, runs))
  })

  test('of runs that are all equal is that ratio alone', () => {
    const runs = (value: number) => Array.from({ length: 6 }, (_, index) => ({ value, start: String(index) }))

    assert.deepEqual(ratioInterval(runs(2), runs(3)), { low: 1.5, high: 1.5 })
  })

  test('is wider where runs of one start of the broker go together: five starts are five, however many runs each has', () => {
    const starts = [0.9, 0.95, 1, 1.05, 1.1]
    const grouped = (startOf: (start: number, run: number) => string) =>
      starts.flatMap((middle, start) =>
        [-0.001, 0, 0.001, 0.002].map((offset, run) => ({ value: middle + offset, start: startOf(start, run) })),
      )
    const width = (runs: ReturnType<typeof grouped>) => {
      const { low, high } = ratioInterval(runs, runs)
      return high - low
    }

    assert.ok(width(grouped((start) => String(start))) > 1.3 * width(grouped((start, run) => `${start} ${run}`)))
  })
})
