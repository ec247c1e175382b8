import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeReason, reasonCode, reasonCodesOf } from '../../src/protocol/reason-codes.ts'
import type { PacketType, ProtocolVersion } from '../../src/protocol/wire/packet.ts'

/** From the tables of the standards, by hand. */
const carried: readonly (readonly [packet: PacketType, version: ProtocolVersion, codes: readonly number[]])[] = [
  ['connack', 3, [0, 1, 2, 3, 4, 5]],
  ['connack', 4, [0, 1, 2, 3, 4, 5]],
  [
    'connack',
    5,
    [
      0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b,
      0x9c, 0x9d, 0x9f,
    ],
  ],
  ['puback', 4, []],
  ['puback', 5, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
  ['pubrec', 5, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
  ['pubrel', 5, [0x00, 0x92]],
  ['pubcomp', 5, [0x00, 0x92]],
  ['suback', 3, [0, 1, 2]],
  ['suback', 4, [0, 1, 2, 0x80]],
  ['suback', 5, [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]],
  ['unsuback', 4, []],
  ['unsuback', 5, [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91]],
  ['disconnect', 4, []],
  [
    'disconnect',
    5,
    [
      0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
      0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
    ],
  ],
  ['auth', 5, [0x00, 0x18, 0x19]],
  ['pingreq', 5, []],
]

for (const [packet, version, codes] of carried) {
  test(`${packet} carries ${codes.length} reason codes at version ${version}`, () => {
    assert.deepEqual([...reasonCodesOf(packet, version).keys()], codes)
  })
}

const named: readonly (readonly [PacketType, ProtocolVersion, number, string])[] = [
  ['connack', 4, 0, '0x00 accepted'],
  ['connack', 4, 1, '0x01 unacceptable protocol version'],
  ['connack', 4, 2, '0x02 identifier rejected'],
  ['connack', 4, 3, '0x03 server unavailable'],
  ['connack', 3, 4, '0x04 bad user name or password'],
  ['connack', 3, 5, '0x05 not authorized'],
  ['connack', 5, 0x87, '0x87 Not authorized'],
  ['connack', 5, 0x86, '0x86 Bad User Name or Password'],
  ['disconnect', 5, 0, '0x00 Normal disconnection'],
  ['disconnect', 5, 0x8e, '0x8E Session taken over'],
  ['suback', 5, 0, '0x00 Granted QoS 0'],
  ['suback', 4, 0, '0x00 Success - Maximum QoS 0'],
  ['suback', 4, 0x80, '0x80 Failure'],
  ['puback', 5, 0x10, '0x10 No matching subscribers'],
  ['pubrel', 5, 0x92, '0x92 Packet Identifier not found'],
]

for (const [packet, version, code, text] of named) {
  test(`${packet} at version ${version} reads ${text}`, () => {
    assert.equal(describeReason(packet, version, code), text)
  })
}

test('a number that the packet may not carry is not given the name it has elsewhere', () => {
  assert.equal(reasonCode('connack', 4, 0x87), undefined)
  assert.equal(reasonCode('suback', 3, 0x80), undefined)
  assert.match(describeReason('connack', 5, 0x8e), /^0x8E \(no reason code of CONNACK\)$/)
})

test('only a client may disconnect with its will, and only a server for a session taken over', () => {
  assert.equal(reasonCode('disconnect', 5, 0x04, 'server'), undefined)
  assert.equal(reasonCode('disconnect', 5, 0x04, 'client')?.name, 'Disconnect with Will Message')
  assert.equal(reasonCode('disconnect', 5, 0x8e, 'client'), undefined)
  assert.equal(reasonCode('disconnect', 5, 0x8e, 'server')?.name, 'Session taken over')
  assert.equal(reasonCode('auth', 5, 0x19, 'server'), undefined)
  assert.equal(reasonCode('puback', 5, 0x10, 'client'), undefined)
})

test('every refusal has a meaning and at least one likely cause', () => {
  for (const [packet, version] of carried) {
    for (const entry of reasonCodesOf(packet, version).values()) {
      const isRefusal = entry.code >= 0x80 || (packet === 'connack' && entry.code !== 0)
      assert.match(entry.meaning, /\.$/)
      assert.equal(isRefusal && entry.causes.length === 0, false, `${packet} ${entry.name}`)
    }
  }
})
