import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockErrorCells, latencyCellsWithError } from '../../../src/render/bench/latency-table.ts'

const figures = {
  count: 3,
  meanMicroseconds: 1000,
  p50Microseconds: 1000,
  p90Microseconds: 2000,
  p95Microseconds: 2000,
  p99Microseconds: 2000,
  p99_9Microseconds: 2000,
  maxMicroseconds: 2000,
}

test('what the clocks of several machines leave open stands beside every percentile', () => {
  const apart = { ...figures, clockErrorMicroseconds: 80 }

  assert.deepEqual(clockErrorCells(apart), ['±80 µs', '±80 µs', '±80 µs', '±80 µs', '±80 µs', '±80 µs'])
  assert.deepEqual(latencyCellsWithError(apart).slice(0, 2), ['1.00 ms ±80 µs', '2.00 ms ±80 µs'])
})

test('and is not there where one clock timed all', () => {
  assert.equal(clockErrorCells(figures), undefined)
  assert.equal(latencyCellsWithError(figures)[0], '1.00 ms')
})
