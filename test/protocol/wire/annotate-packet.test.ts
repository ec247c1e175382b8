import assert from 'node:assert/strict'
import { test } from 'node:test'
import { annotatePacket } from '../../../src/protocol/wire/annotate-packet.ts'
import type { ProtocolVersion, Sender } from '../../../src/protocol/wire/packet.ts'
import { fromHex } from '../../support/packets/hex.ts'

function annotate(hex: string, version: ProtocolVersion, sender: Sender) {
  const bytes = fromHex(hex)
  return annotatePacket(bytes, 0, bytes.length, { version, sender })
}

function spans(hex: string, version: ProtocolVersion, sender: Sender) {
  return annotate(hex, version, sender).fields.map(({ name, start, end, value }) => [name, start, end, value])
}

test('gives every field of a PUBLISH its bytes, an outer span before what it holds', () => {
  assert.deepEqual(spans('33 0b 0001 61 0007 03 23 0001 6869', 5, 'client'), [
    ['fixed header', 0, 2, undefined],
    ['fixed header.type', 0, 1, 'publish'],
    ['fixed header.flags', 0, 1, 3],
    ['fixed header.flags.dup', 0, 1, false],
    ['fixed header.flags.qos', 0, 1, 1],
    ['fixed header.flags.retain', 0, 1, true],
    ['fixed header.remainingLength', 1, 2, 11],
    ['topic', 2, 5, 'a'],
    ['packetId', 5, 7, 7],
    ['properties', 7, 11, undefined],
    ['properties.length', 7, 8, 3],
    ['properties.topicAlias', 8, 11, 1],
    ['payload', 11, 13, Buffer.from('hi')],
  ])
})

test('gives every subscription, its filter and each of its options their bytes', () => {
  assert.deepEqual(spans('82 0a 0001 0001 61 02 0001 62 00', 4, 'client').slice(4), [
    ['packetId', 2, 4, 1],
    ['subscriptions[0]', 4, 8, undefined],
    ['subscriptions[0].filter', 4, 7, 'a'],
    ['subscriptions[0].options', 7, 8, 2],
    ['subscriptions[0].options.qos', 7, 8, 2],
    ['subscriptions[1]', 8, 12, undefined],
    ['subscriptions[1].filter', 8, 11, 'b'],
    ['subscriptions[1].options', 11, 12, 0],
    ['subscriptions[1].options.qos', 11, 12, 0],
  ])
})

test('counts offsets from the packet when it lies inside a buffer', () => {
  const bytes = fromHex('ffff 40 02 0009 ff')

  const { fields, packet } = annotatePacket(bytes, 2, 6, { version: 4, sender: 'client' })

  assert.deepEqual(packet, { type: 'puback', packetId: 9, reasonCode: 0, properties: {} })
  assert.deepEqual(fields.at(-1), { name: 'packetId', start: 2, end: 4, value: 9 })
})

test('marks the password and the authentication data as secret, and nothing else', () => {
  const hex = '10 1d 0004 4d515454 05 c2 003c 08 15 0001 6d 16 0001 64 0001 61 0001 75 0002 7077'

  const secret = annotate(hex, 5, 'client').fields.filter((field) => field.secret === true)

  assert.deepEqual(
    secret.map((field) => field.name),
    ['properties.authenticationData', 'password'],
  )
})

test('collects every broken rule of a packet that can be read to its end', () => {
  // DUP at QoS 0, a wildcard, Receive Maximum in PUBLISH, Topic Alias 0
  const { packet, violations } = annotate('38 0a 0001 23 06 21 0001 23 0000', 5, 'client')

  assert.deepEqual(
    violations.map(({ rule, offset }) => [rule, offset]),
    [
      ['[MQTT-3.3.1-2]', 0],
      ['[MQTT-3.3.2-2]', 2],
      ['[MQTT5 §2.2.2.2]', 6],
      ['[MQTT-3.3.2-8]', 9],
    ],
  )
  assert.equal(packet?.type, 'publish')
})

test('goes on after a property block that it could not read to its end', () => {
  const { violations, fields } = annotate('30 07 0001 61 02 7f00 68', 5, 'client')

  assert.deepEqual(
    violations.map(({ rule, offset }) => [rule, offset]),
    [['[MQTT5 §2.2.2.2]', 6]],
  )
  assert.deepEqual(fields.at(-1), { name: 'payload', start: 8, end: 9, value: Buffer.from('h') })
})

test('reports a field that is cut off once, and gives no packet', () => {
  const { violations, packet } = annotate('82 05 0001 0005 61', 4, 'client')

  assert.equal(violations.length, 1)
  assert.equal(packet, undefined)
})

test('reads nothing after a Property Length that reaches beyond the packet', () => {
  const { packet, fields, violations } = annotate('30 05 0001 61 05 68', 5, 'client')

  assert.equal(violations.length, 1)
  assert.equal(packet, undefined)
  assert.ok(!fields.some((field) => field.name === 'payload'))
})

test('reads a packet from the wrong side all the same', () => {
  const { violations, packet } = annotate('c0 00', 5, 'server')

  assert.equal(violations.length, 1)
  assert.deepEqual(packet, { type: 'pingreq' })
})
