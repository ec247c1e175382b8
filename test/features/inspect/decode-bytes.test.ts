import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeBytes } from '../../../src/features/inspect/decode-bytes.ts'
import type { InspectedPacket } from '../../../src/observation/inspected-packet.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'

const connect5 = '10 0f 0004 4d515454 05 02 003c 00 0002 6331'
const connect311 = '10 0e 0004 4d515454 04 02 003c 0002 6331'

function decode(hex: string, settings: Parameters<typeof decodeBytes>[1] = {}): readonly InspectedPacket[] {
  return decodeBytes(fromHex(hex), settings)
}

function typesAndSenders(packets: readonly InspectedPacket[]): string[] {
  return packets.map(({ packet, sender }) => `${sender} ${packet?.type}`)
}

describe('every vector', () => {
  test('is decoded to its packet, with version and sender given', () => {
    for (const { name, hex, version, sender, packet } of packetVectors) {
      const [decoded, ...more] = decode(hex, { version, sender })
      assert.deepEqual(decoded?.packet, packet, name)
      assert.deepEqual(more, [], name)
    }
  })

  test('that is malformed names its rule, offset and reason code first', () => {
    // Bytes beyond the length are another packet here.
    const single = malformedVectors.filter(([name]) => name !== 'more bytes than declared')
    for (const [name, version, sender, hex, , rule, offset, reasonCode] of single) {
      const [decoded] = decode(hex, { version, sender })
      const [violation] = decoded?.violations ?? []
      assert.deepEqual([violation?.rule, violation?.offset, violation?.reasonCode], [rule, offset, reasonCode], name)
      const mayHoldSecrets = ['connect', 'connack', 'auth'].includes(violation?.packet ?? '')
      if (!mayHoldSecrets || violation?.byte !== undefined) assert.equal(violation?.byte, fromHex(hex)[offset], name)
    }
  })
})

describe('the version', () => {
  test('is that of CONNECT for every packet behind it', () => {
    const [, publish] = decode(`${connect311} 30 05 0003 612f62`)

    assert.equal(publish?.version, 4)
    assert.deepEqual(publish?.assumed, [])
  })

  test('is the one under which the packets are well formed', () => {
    const [below5] = decode('30 05 0003 612f62')
    const [five] = decode('90 04 0001 00 01')

    assert.deepEqual([below5?.version, below5?.violations], [4, []])
    assert.deepEqual([five?.version, five?.violations], [5, []])
  })

  test('is taken for 5 and said to be assumed where both would do', () => {
    const [puback] = decode('40 02 0001', { sender: 'server' })

    assert.equal(puback?.version, 5)
    assert.deepEqual(puback?.assumed, ['version'])
  })

  test('is no matter for PINGREQ', () => {
    assert.deepEqual(decode('c0 00')[0]?.assumed, [])
  })
})

describe('the sender', () => {
  test('is the only one that may send the packet', () => {
    assert.deepEqual(typesAndSenders(decode('c000 d000')), ['client pingreq', 'server pingresp'])
  })

  test('of an acknowledgement is the other side of a publish that was seen', () => {
    const packets = decode(`${connect5} 20 03 00 00 00 34 07 0002 6162 0001 00 50 02 0001 62 02 0001 70 02 0001`)

    assert.deepEqual(typesAndSenders(packets), [
      'client connect',
      'server connack',
      'client publish',
      'server pubrec',
      'client pubrel',
      'server pubcomp',
    ])
    assert.equal(packets.at(-1)?.facts.at(-1)?.kind, 'publish-completed')
  })

  test('of a PUBLISH with a Subscription Identifier is the server [MQTT-3.3.4-6]', () => {
    const [publish] = decode('30 07 0002 6162 02 0b01')

    assert.equal(publish?.sender, 'server')
    assert.deepEqual(publish?.violations, [])
  })

  test('is the one that sent everything else, where only one side can have', () => {
    const packets = decode('d000 30 05 0002 6162 00', { version: 5 })

    assert.deepEqual(typesAndSenders(packets), ['server pingresp', 'server publish'])
  })

  test('is assumed and said to be so where nothing tells it', () => {
    const [publish] = decode('30 05 0002 6162 00', { version: 5 })

    assert.equal(publish?.sender, 'client')
    assert.deepEqual(publish?.assumed, ['sender'])
  })

  test('given by the user is held against the packet', () => {
    const [pingreq] = decode('c000', { sender: 'server' })

    assert.match(pingreq?.violation?.message ?? '', /server may not send PINGREQ/)
  })
})

describe('a bad packet', () => {
  test('does not keep the next frame from being decoded', () => {
    const packets = decode('36 07 0002 6162 0001 00 c0 00', { version: 5, sender: 'client' })

    assert.equal(packets[0]?.violation?.rule, '[MQTT-3.3.1-4]')
    assert.equal(packets[1]?.packet?.type, 'pingreq')
    assert.equal(packets[1]?.streamOffset, 9)
  })

  test('that ends with the bytes is decoded as far as it goes', () => {
    const [publish] = decode('30 0a 0003 612f', { version: 5, sender: 'client' })

    assert.deepEqual(
      publish?.violations.map(({ offset }) => offset),
      [1, 2],
    )
  })

  test('with a length of five bytes ends the decoding, since nobody can say where the next begins', () => {
    const packets = decode('c000 30 ff ff ff ff 01 00', { version: 5 })

    assert.equal(packets.length, 2)
    assert.match(packets[1]?.violation?.message ?? '', /fifth byte/)
    assert.equal(packets[1]?.wire.length, 7)
  })

  test('of a CONNECT leaves the later packets their place: they are not told to come too early', () => {
    const packets = decode('10 0f 0004 4d515454 05 03 003c 00 0002 6331 20 03 00 00 00')

    assert.equal(packets[0]?.violation?.rule, '[MQTT-3.1.2-3]')
    assert.deepEqual(
      packets[1]?.facts.map(({ kind }) => kind),
      ['connected'],
    )
  })
})

describe('what a conforming peer answers', () => {
  const cases = [
    ['a bad CONNECT at 5', '10 0f 0004 4d515454 05 03 003c 00 0002 6331', 'server connack 129 [MQTT-3.1.4-1]'],
    ['a bad CONNECT at 3.1.1', '10 0e 0004 4d515454 04 03 003c 0002 6331', 'server close [MQTT-3.1.1:3.1.4-1]'],
    [
      'an empty id at 3.1.1 without a clean session',
      '10 0c 0004 4d515454 04 00 003c 0000',
      'server connack 2 [MQTT-3.1.1:3.1.3-8]',
    ],
    ['a protocol level of 6', '10 0f 0004 4d515454 06 02 003c 00 0002 6331', 'server connack 132 [MQTT-3.1.4-1]'],
    ['a bad CONNACK at 5', '20 03 02 00 00', 'client close [MQTT-4.13.1-1]'],
    ['a bad SUBACK at 5', '90 03 0001 00', 'client disconnect 130 [MQTT-4.13.1-1]', 5],
    ['a bad SUBSCRIBE at 3.1.1', '80 06 0001 0001 61 00', 'server close [MQTT-3.1.1:4.8.0-1]', 4],
  ] as const
  for (const [name, hex, expected, version] of cases) {
    test(`to ${name}`, () => {
      const [packet] = decode(hex, version === undefined ? {} : { version })
      const answer = packet?.violations[0]?.answer

      const word = answer?.packet === undefined ? 'close' : `${answer.packet} ${answer.reasonCode}`
      assert.equal(`${answer?.by} ${word} ${answer?.rule}`, expected)
    })
  }
})

describe('the CONNECT of a bridge of mosquitto', () => {
  for (const [version, hex] of [
    [4, '10 0d 0004 4d515454 84 02 003c 0001 61'],
    [3, '10 0f 0006 4d5149736470 83 02 003c 0001 61'],
  ] as const) {
    test(`is read on at level ${version}, and the bit is named`, () => {
      const [connect, connack, publish] = decode(`${hex} 20 02 00 00 30 03 0001 61`)

      assert.deepEqual([connect?.version, connect?.violations], [version, []])
      assert.equal(connect?.packet?.type === 'connect' && connect.packet.bridge, true)
      assert.ok(connect?.fields.some(({ name, value }) => name === 'protocolLevel.bridge' && value === true))
      assert.deepEqual([connack?.packet?.type, publish?.version], ['connack', version])
    })
  }
})

describe('what breaks a rule', () => {
  const will = '0001 74 0001 70'
  const rows: readonly (readonly [what: string, hex: string, fields: readonly string[], violations: number])[] = [
    [
      'a Payload Format Indicator of 144 in a will',
      `10 1c 0004 4d515454 05 86 003c 00 0002 6331 02 0190 ${will} 0002 7573`,
      ['will.topic=t', 'username=us', 'connectFlags.username=true'],
      1,
    ],
    [
      'a property in the wrong place',
      '10 16 0004 4d515454 05 82 003c 03 23 0005 0002 6331 0002 7573',
      ['clientId=c1', 'username=us'],
      1,
    ],
    ['a name that is not MQTT’s', '10 0f 0004 4d515458 05 02 003c 00 0002 6331', ['protocolLevel=5', 'clientId=c1'], 1],
    ['a property twice in a PUBLISH', '30 0a 0001 61 04 0100 0101 6869', ['topic=a'], 1],
    ['a length that is not minimal, and cut off', '30 8a 00 0001 61', ['topic=a'], 3],
  ]
  for (const [what, hex, expected, violations] of rows) {
    test(`hides nothing else: ${what}`, () => {
      const [packet] = decode(hex, { version: 5, sender: 'client' })
      const found = packet?.fields.map(({ name, value }) => `${name}=${value}`) ?? []

      assert.deepEqual(
        expected.filter((field) => !found.includes(field)),
        [],
        found.join(' '),
      )
      assert.equal(packet?.violations.length, violations, packet?.violations.map(({ message }) => message).join('; '))
    })
  }

  test('in its length, and is cut off, has both named', () => {
    const [packet] = decode('30 8a 00 0001 61', { version: 5, sender: 'client' })
    const said = packet?.violations.map(({ message }) => message).join('; ') ?? ''

    assert.match(said, /more bytes than it needs/)
    assert.match(said, /is 10, but 3 bytes follow/)
  })
})
