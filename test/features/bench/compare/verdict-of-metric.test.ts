import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Direction, metricVerdict } from '../../../../src/features/bench/compare/verdict-of-metric.ts'

const rows: readonly (readonly [Direction, low: number, high: number, probability: number, verdict: string])[] = [
  ['lower is better', 1.06, 1.2, 0.01, 'worse'],
  ['lower is better', 1.06, 1.2, 0.06, 'unclear'],
  ['lower is better', 1.04, 1.2, 0.01, 'unclear'],
  ['lower is better', 0.8, 0.9, 0.01, 'better'],
  ['higher is better', 0.8, 0.9, 0.01, 'worse'],
  ['higher is better', 1.06, 1.2, 0.01, 'better'],
  ['higher is better', 0.97, 1.04, 0.01, 'equal'],
  ['lower is better', 0.97, 1.04, 0.9, 'equal'],
  ['lower is better', 0.9, 1.1, 0.9, 'unclear'],
]

describe('the verdict about a metric, where 5 % is no matter', () => {
  for (const [direction, low, high, probability, verdict] of rows) {
    test(`${direction}, ${low} to ${high}, p ${probability}: ${verdict}`, () => {
      const question = { direction, interval: { low, high }, probability, maxRegression: 0.05 }

      assert.equal(metricVerdict(question), verdict)
    })
  }
})
