import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FirstLoss } from '../../../../src/features/bench/messages/first-loss.ts'

describe('where a broker begins to drop', () => {
  test('is the last message before the gap, and what waited then is what came after it was due', () => {
    const loss = new FirstLoss()
    // One message due every 10 µs, one taken every 50: the broker holds 4 and drops what comes beyond.
    for (const [due, arrived] of [
      [0, 5],
      [10, 55],
      [20, 105],
      [30, 155],
      [40, 205],
      [50, 255],
    ] as const)
      loss.arrived(false, due, arrived)

    loss.arrived(true, 100, 305) // those due at 60 to 90 were dropped
    loss.arrived(true, 150, 355)

    assert.deepEqual(loss.found, { atMicroseconds: 50, backlog: 5 })
  })

  test('is nowhere where nothing is missing, nor where nothing came before', () => {
    const whole = new FirstLoss()
    for (let due = 0; due < 5000; due++) whole.arrived(false, due, due + 1)
    const late = new FirstLoss()
    late.arrived(true, 100, 101)

    assert.deepEqual([whole.found, late.found], [undefined, undefined])
  })

  test('is found after more arrivals than are remembered', () => {
    const loss = new FirstLoss()
    for (let due = 0; due < 300_000; due++) loss.arrived(false, due, due + 10)

    loss.arrived(true, 300_100, 300_110)

    assert.deepEqual(loss.found, { atMicroseconds: 299_999, backlog: 10 })
  })
})
