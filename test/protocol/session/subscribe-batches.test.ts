import assert from 'node:assert/strict'
import { test } from 'node:test'
import { subscribeBatches } from '../../../src/protocol/session/subscribe-batches.ts'

const itself = (filter: string) => filter

test('keeps all filters in one packet where there is room', () => {
  assert.deepEqual(subscribeBatches(['a', 'b', 'c'], itself), [['a', 'b', 'c']])
})

test('fault 36: begins another packet where the server’s Maximum Packet Size ends [MQTT-3.2.2-15]', () => {
  // 11 bytes of header and 5 for each filter: three fit into 26 bytes, and no fourth
  const filters = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']

  assert.deepEqual(subscribeBatches(filters, itself, 26), [['a1', 'a2', 'a3'], ['a4', 'a5', 'a6'], ['a7']])
})

test('sends properties with each packet, and makes room for them', () => {
  assert.deepEqual(subscribeBatches(['a1', 'a2', 'a3'], itself, 26, 5), [['a1', 'a2'], ['a3']])
})

test('lets a filter that fits nowhere stand alone', () => {
  assert.deepEqual(subscribeBatches(['a', 'far/too/long', 'b'], itself, 16), [['a'], ['far/too/long'], ['b']])
})

test('counts bytes of UTF-8, not characters', () => {
  assert.deepEqual(subscribeBatches(['ééé', 'b'], itself, 20), [['ééé'], ['b']])
})

test('filters go into packets of as many as are wanted, in order', () => {
  const filters = Array.from({ length: 20 }, (_, index) => `a/${index}`)

  const batches = subscribeBatches(filters, (filter) => filter, undefined, 0, 8)

  assert.deepEqual(
    batches.map(({ length }) => length),
    [8, 8, 4],
  )
  assert.deepEqual(batches.flat(), filters)
})
