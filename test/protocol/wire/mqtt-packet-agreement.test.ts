import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { generate, parser, type Packet as TheirPacket } from 'mqtt-packet'
import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import type { Packet, Properties, ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { arbitrarySentPacket, type SentPacket } from '../../support/packets/arbitrary-packet.ts'
import { toMqttPacket } from '../../support/packets/mqtt-packet-shape.ts'

function parseByThem(bytes: Buffer, version: ProtocolVersion): TheirPacket {
  const reader = parser({ protocolVersion: version })
  const packets: TheirPacket[] = []
  reader.on('packet', (packet) => packets.push(packet))
  reader.on('error', (error) => {
    throw error
  })
  reader.parse(bytes)
  assert.equal(packets.length, 1)
  return packets[0]!
}

/** Every value that `expected` has, as plain data; what they add (length, defaults) is theirs. */
function pick(actual: unknown, expected: unknown): unknown {
  if (expected === null || typeof expected !== 'object' || ArrayBuffer.isView(expected)) return actual
  if (Array.isArray(expected))
    return Array.isArray(actual) ? actual.map((item, index) => pick(item, expected[index])) : actual
  if (actual === null || typeof actual !== 'object') return actual
  const values = actual as Record<string, unknown>
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, pick(values[key], value)]))
}

/** What their object of user properties keeps: the order within a name. */
function sortedByName(properties: Properties): Properties {
  const { userProperties } = properties
  if (userProperties === undefined) return properties
  return { ...properties, userProperties: [...userProperties].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) }
}

function comparable(packet: Packet): Packet {
  if (!('properties' in packet)) return packet
  const sorted = { ...packet, properties: sortedByName(packet.properties) }
  if (sorted.type !== 'connect' || sorted.will === undefined) return sorted
  return { ...sorted, will: { ...sorted.will, properties: sortedByName(sorted.will.properties) } }
}

test('mqtt-packet reads in our bytes what we wrote', () => {
  fc.assert(
    fc.property(arbitrarySentPacket().filter(isKnownToThem), ({ packet, version }) => {
      const expected = toMqttPacket(packet, version)
      assert.deepEqual(pick(parseByThem(encodePacket(packet, version), version), expected), expected)
    }),
    { numRuns: 1500 },
  )
})

test('we read in the bytes of mqtt-packet what it wrote', () => {
  fc.assert(
    fc.property(arbitrarySentPacket().filter(isKnownToThem), ({ packet, version, sender }) => {
      const bytes = generate(toMqttPacket(packet, version), { protocolVersion: version })
      const decoded = decodePacket(bytes, 0, bytes.length, { version, sender })
      assert.ok(!isViolation(decoded), isViolation(decoded) ? `${decoded.rule} ${decoded.message}` : '')
      assert.deepEqual(comparable(decoded), comparable(packet))
    }),
    { numRuns: 1500 },
  )
})

/** Without what mqtt-packet 9 cannot hold, each found by these tests. */
function isKnownToThem({ packet }: SentPacket): boolean {
  if (packet.type !== 'publish' && 'dup' in packet) return false // DUP of MQTT 3.1
  if (packet.type === 'disconnect' && packet.reasonCode === 0x8c) return false // in table 2-6, not in table 3-10
  if (packet.type === 'connect' && packet.clientId === '' && !packet.cleanStart) return false
  if (packet.type === 'connect' && packet.password !== undefined && packet.username === undefined) return false
  const blocks = 'properties' in packet ? [packet.properties] : []
  if (packet.type === 'connect' && packet.will !== undefined) blocks.push(packet.will.properties)
  // They lose a value that follows an empty one of the same name.
  return blocks.every(({ userProperties = [] }) => userProperties.every(([, value]) => value !== ''))
}
