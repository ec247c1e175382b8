import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filtersOverlap } from '../../src/protocol/filter-overlap.ts'

const rows: readonly (readonly [one: string, other: string, overlap: boolean])[] = [
  ['a/b', 'a/b', true],
  ['a/b', 'a/c', false],
  ['a/#', 'a/b/c', true],
  ['a/#', 'a', true], // the level above counts too
  ['a/#', 'b/#', false],
  ['a/+', '+/b', true],
  ['a/+', 'a/b/c', false],
  ['a/+/c', 'a/b/#', true],
  ['#', 'a', true],
  ['#', '$SYS/#', false], // [MQTT-4.7.2-1]
  ['+/a', '$SYS/a', false],
  ['$SYS/#', '$SYS/broker/+', true],
  ['a', 'a/b', false],
]
for (const [one, other, overlap] of rows) {
  test(`${one} and ${other} ${overlap ? 'overlap' : 'do not overlap'}`, () => {
    assert.deepEqual([filtersOverlap(one, other), filtersOverlap(other, one)], [overlap, overlap])
  })
}
