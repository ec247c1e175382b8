import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holm, rankSumProbability, signedRankProbability } from '../../../../src/features/bench/compare/rank-tests.ts'

function near(actual: number, expected: number, within = 5e-4): void {
  assert.ok(Math.abs(actual - expected) < within, `${actual}, not ${expected}`)
}

/** Expected values: R 4.2, wilcox.test and p.adjust, and the tables in Hollander and Wolfe, where the examples come from. */
describe('rank tests', () => {
  test("Mann-Whitney's, exact: permeability of membranes (Hollander and Wolfe, table 4.1)", () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    const weeks = [1.15, 0.88, 0.9, 0.74, 1.21]

    near(rankSumProbability(term, weeks), 0.2544)
  })

  test('six runs against six that are all larger: two ways of 924', () => {
    near(rankSumProbability([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]), 2 / 924, 1e-9)
  })

  test('counts ties: two equal pairs of two', () => {
    near(rankSumProbability([1, 2], [1, 2]), 1, 1e-9)
    near(rankSumProbability([1, 1, 1], [2, 2, 2]), 0.1, 1e-9)
  })

  test('many runs by the normal curve: 40 against 40, shifted by three places', () => {
    const base = Array.from({ length: 40 }, (_, index) => index)
    const next = base.map((value) => value + 3.5)

    // R: wilcox.test(0:39, 0:39 + 3.5, exact = FALSE)$p.value
    near(rankSumProbability(base, next), 0.1989305782, 1e-6)
  })

  test("Wilcoxon's of pairs: six ratios that all grew: two ways of 64", () => {
    near(signedRankProbability([1.1, 1.2, 1.3, 1.4, 1.5, 1.6]), 2 / 64, 1e-9)
  })

  test('pairs without any difference say nothing', () => {
    assert.equal(signedRankProbability([1, 1, 1]), 1)
  })

  test('Holm: the smallest of three counts three times, and none comes out smaller than one before it', () => {
    assert.deepEqual(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06])
  })
})
