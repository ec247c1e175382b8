import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBytes } from '../../src/features/inspect/decode-bytes.ts'
import { isShown, type PacketFilter } from '../../src/observation/packet-filter.ts'
import { fromHex } from '../support/packets/hex.ts'

const everything: PacketFilter = { types: [], senders: [], topics: [], packetIds: [], clientIds: [] }
const packets = decodeBytes(
  fromHex(
    '10 0f 0004 4d515454 05 02 003c 00 0002 6331 20 03 00 00 00' + // c1
      '82 07 0003 00 0001 61 00 90 04 0003 00 00' + // a
      '32 07 0002 6162 0001 00 40 02 0001' + // ab
      '32 06 0001 63 0002 00 40 02 0002', // c
  ),
  {},
)

const cases: readonly (readonly [name: string, filter: Partial<PacketFilter>, expected: readonly string[]])[] = [
  ['a type', { types: ['puback'] }, ['puback', 'puback']],
  ['a direction', { senders: ['server'] }, ['connack', 'suback', 'puback', 'puback']],
  ['a topic, with what answers it', { topics: ['ab'] }, ['publish', 'puback']],
  ['a topic filter, with SUBSCRIBE and SUBACK', { topics: ['a'] }, ['subscribe', 'suback']],
  ['a wildcard', { topics: ['#'] }, ['subscribe', 'suback', 'publish', 'puback', 'publish', 'puback']],
  ['a packet identifier', { packetIds: [2] }, ['publish', 'puback']],
  ['types and a direction together', { types: ['publish', 'puback'], senders: ['client'] }, ['publish', 'publish']],
  ['another client', { clientIds: ['c2'] }, []],
]

for (const [name, filter, expected] of cases) {
  test(`lets through ${name}`, () => {
    const shown = packets.filter((packet) => isShown({ ...everything, ...filter }, packet))

    assert.deepEqual(
      shown.map(({ packet }) => packet?.type),
      expected,
    )
  })
}

test('lets through everything of a client by its id, once it is known', () => {
  assert.equal(packets.filter((packet) => isShown({ ...everything, clientIds: ['c1'] }, packet)).length, packets.length)
})
