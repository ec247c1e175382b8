import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packetRecord } from '../../src/render/packet-record.ts'
import { acknowledgement, connack, connect, disconnect, publish, suback, unsuback } from '../support/packets/packets.ts'

test('a text payload stands as text, a binary one as base64', () => {
  const text = packetRecord(publish({ payload: Buffer.from('grün') }), 5)
  const binary = packetRecord(publish({ payload: Buffer.from([0xff, 0xfe]) }), 5)

  assert.deepEqual([text.payload, text.encoding], ['grün', 'utf8'])
  assert.deepEqual([binary.payload, binary.encoding], ['//4=', 'base64'])
})

test('a byte order mark is part of the payload [MQTT-1.5.4-3]', () => {
  assert.equal(packetRecord(publish({ payload: Buffer.from([0xef, 0xbb, 0xbf, 0x61]) }), 5).payload, '\ufeffa')
})

test('user properties keep their order and duplicates, binary properties are base64', () => {
  const userProperties = [
    ['k', 'v'],
    ['__proto__', 'x'],
    ['k', 'v2'],
  ] as const

  const record = packetRecord(publish({ properties: { correlationData: Buffer.from([0, 1]), userProperties } }), 5)

  assert.deepEqual(record.properties, { correlationData: { base64: 'AAE=' }, userProperties })
})

test('CONNECT shows its user name and neither password, authentication data nor will payload', () => {
  const canary = Buffer.from('canary')
  const record = packetRecord(
    connect({
      username: 'bob',
      password: canary,
      will: { topic: 'w', payload: canary, qos: 0, retain: false, properties: {} },
      properties: { authenticationMethod: 'X', authenticationData: canary },
    }),
    5,
  )

  assert.deepEqual(record, {
    type: 'connect',
    version: 5,
    cleanStart: true,
    keepAliveSeconds: 60,
    clientId: 'c1',
    username: 'bob',
    password: '***',
    will: { topic: 'w', qos: 0, retain: false, payloadBytes: 6 },
    properties: { authenticationMethod: 'X', authenticationData: '***' },
  })
})

test('a reason code stands beside the name it has in this packet and version', () => {
  assert.equal(packetRecord(connack({}, { reasonCode: 5 }), 4).reasonName, 'not authorized')
  assert.equal(packetRecord(connack({}, { reasonCode: 0x87 }), 5).reasonName, 'Not authorized')
  assert.equal(packetRecord(disconnect(0x8e), 5).reasonName, 'Session taken over')
  assert.equal('reasonName' in packetRecord(connack({}, { reasonCode: 5 }), 5), false)
})

test('below MQTT 5 an acknowledgement has no reason code, and its record neither', () => {
  assert.deepEqual(packetRecord(acknowledgement('puback', 7), 4), { type: 'puback', packetId: 7 })
  assert.deepEqual(packetRecord(disconnect(), 4), { type: 'disconnect' })
})

test('the codes of SUBACK and UNSUBACK have a name each', () => {
  assert.deepEqual(packetRecord(suback(1, 0, 0x80), 4).reasonNames, ['Success - Maximum QoS 0', 'Failure'])
  assert.deepEqual(packetRecord(unsuback(1, 0x11, 0x42), 5).reasonNames, ['No subscription existed', null])
})
