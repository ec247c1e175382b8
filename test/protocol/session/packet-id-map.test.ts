import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  emptyIdMap,
  entriesOf,
  entryOf,
  type PacketIdMap,
  withEntry,
  withoutEntry,
} from '../../../src/protocol/session/packet-id-map.ts'

test('finds what was put in, at both ends of the range', () => {
  const map = withEntry(withEntry<string>(emptyIdMap, 1, 'first'), 65_535, 'last')

  assert.equal(entryOf(map, 1), 'first')
  assert.equal(entryOf(map, 65_535), 'last')
  assert.equal(entryOf(map, 2), undefined)
  assert.equal(map.size, 2)
})

test('an older map does not see what was put into a newer one', () => {
  const older = withEntry<string>(emptyIdMap, 7, 'old')

  const newer = withEntry(older, 7, 'new')
  const without = withoutEntry(newer, 7)

  assert.equal(entryOf(older, 7), 'old')
  assert.equal(entryOf(newer, 7), 'new')
  assert.equal(entryOf(without, 7), undefined)
  assert.equal(without.size, 0)
})

test('does what a Map does, for any puts and removals', () => {
  const change = fc.record({ id: fc.integer({ min: 0, max: 65_535 }), removes: fc.boolean() })
  const near = fc.record({ id: fc.integer({ min: 0, max: 20 }), removes: fc.boolean() })

  fc.assert(
    fc.property(fc.array(fc.oneof(change, near), { maxLength: 60 }), (changes) => {
      const expected = new Map<number, number>()
      let map: PacketIdMap<number> = emptyIdMap
      for (const [index, { id, removes }] of changes.entries()) {
        if (removes) expected.delete(id)
        else expected.set(id, index)
        map = removes ? withoutEntry(map, id) : withEntry(map, id, index)
      }
      assert.equal(map.size, expected.size)
      for (const { id } of changes) assert.equal(entryOf(map, id), expected.get(id))
    }),
  )
})

test('gives its entries by ascending number', () => {
  const map = [65_535, 1, 300].reduce(
    (before, id) => withEntry(before, id, `entry ${id}`),
    emptyIdMap as PacketIdMap<string>,
  )

  assert.deepEqual([...entriesOf(withoutEntry(map, 300))], ['entry 1', 'entry 65535'])
  assert.deepEqual([...entriesOf(emptyIdMap)], [])
})
