import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { guideOf, sightOf } from '../../../../src/features/bench/duet/noise.ts'

describe('what rounds can see', () => {
  /** By simulation of a test of medians: 98, 82, 46 and 21 % at ten rounds, a bound of 5 % and a change of 10 %. */
  test('ten rounds find 10 % nearly always where runs vary by 2 %, and seldom where they vary by 8 %', () => {
    const found = guideOf(10, 0.05).map((each) => Math.round(each.found * 100))

    assert.deepEqual(
      found.map((each, index) => Math.abs(each - ([98, 82, 46, 21][index] ?? 0)) <= 10),
      [true, true, true, true],
      `${found}`,
    )
  })

  test('as many rounds as it says find the change in 95 % of cases', () => {
    const noise = [{ metric: 'p99', errorOfOneRound: 0.06 }] as const
    const [seen] = sightOf(noise, 10, 0.05).metrics
    const [after] = sightOf(noise, seen?.roundsFor95 ?? 0, 0.05).metrics

    assert.ok(seen !== undefined && seen.roundsFor95 > 10 && seen.found < 0.95)
    assert.ok(after !== undefined && after.found >= 0.95 && after.found < 0.96, `${after?.found}`)
    assert.ok(after.smallestChange <= 0.1 && after.smallestChange > 0.095, `${after.smallestChange}`)
  })

  test('four times the rounds halve what lies beyond the bound', () => {
    const noise = [{ metric: 'p50', errorOfOneRound: 0.02 }] as const
    const beyond = (rounds: number) =>
      Math.log((1 + (sightOf(noise, rounds, 0.05).metrics[0]?.smallestChange ?? 0)) / 1.05)

    assert.ok(Math.abs(beyond(10) / beyond(40) - 2) < 1e-9)
  })

  test('without any noise six rounds see everything', () => {
    const sight = sightOf([{ metric: 'p50', errorOfOneRound: 0 }], 10, 0)

    assert.deepEqual(sight.metrics, [{ metric: 'p50', smallestChange: 0, found: 1, roundsFor95: 6 }])
    assert.equal(sight.change, 0.1)
  })
})
