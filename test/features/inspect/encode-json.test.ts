import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MqttCliError } from '../../../src/errors.ts'
import { decodeBytes } from '../../../src/features/inspect/decode-bytes.ts'
import { encodeJson } from '../../../src/features/inspect/encode-json.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import type { ProtocolVersion, Sender } from '../../../src/protocol/wire/packet.ts'
import { createTheme } from '../../../src/render/theme.ts'
import { findingRecord } from '../../../src/render/views/inspect-record.ts'
import { arbitrarySentPacket } from '../../support/packets/arbitrary-packet.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'

/** The lines that decode --json prints. */
function json(bytes: Buffer, version: ProtocolVersion, sender: Sender, showSecrets: boolean): string[] {
  const style = { theme: createTheme(false), isTimed: false, showSecrets }
  return decodeBytes(bytes, { version, sender }).map((packet) =>
    JSON.stringify(findingRecord({ finding: 'packet', packet }, style)),
  )
}

function withoutWire(line: string): string {
  const { wire: _, ...record } = JSON.parse(line)
  return JSON.stringify(record)
}

describe('encode after decode', () => {
  test('gives the same bytes for every vector, well-formed or not', () => {
    const hexes = [
      ...packetVectors.map(({ hex, version, sender }) => [hex, version, sender] as const),
      ...malformedVectors.map(([, version, sender, hex]) => [hex, version, sender] as const),
    ]
    for (const [hex, version, sender] of hexes) {
      const lines = json(fromHex(hex), version, sender, true)
      assert.equal(
        Buffer.concat(encodeJson(lines.join('\n'), 'test', undefined)).toString('hex'),
        hex.replace(/\s/g, ''),
      )
    }
  })

  test('gives the canonical bytes of every vector where wire is left out', () => {
    for (const { name, hex, version, sender, packet, canonical } of packetVectors) {
      const [line = ''] = json(fromHex(hex), version, sender, true)
      const [encoded] = encodeJson(withoutWire(line), 'test', undefined)
      assert.deepEqual(encoded, canonical === false ? encodePacket(packet, version) : fromHex(hex), name)
    }
  })

  test('gives the same bytes for any packet, with wire and without', () => {
    fc.assert(
      fc.property(arbitrarySentPacket(), ({ packet, version, sender }) => {
        const bytes = encodePacket(packet, version)
        const [line = ''] = json(bytes, version, sender, true)
        assert.deepEqual(encodeJson(line, 'test', undefined), [bytes])
        assert.deepEqual(encodeJson(withoutWire(line), 'test', undefined), [bytes])
      }),
      { numRuns: 500 },
    )
  })
})

describe('encode', () => {
  const cases: readonly (readonly [json: object, hex: string])[] = [
    [{ type: 'pingreq' }, 'c000'],
    [{ type: 'publish', topic: 'a', payload: 'x' }, '30 05 0001 61 00 78'],
    [{ type: 'publish', topic: 'a', payload: '/w==', encoding: 'base64' }, '30 05 0001 61 00 ff'],
    [{ type: 'connect', clientId: 'c1' }, '10 0f 0004 4d515454 05 02 003c 00 0002 6331'],
    [
      { type: 'connect', version: 4, clientId: 'c', username: 'u', password: { base64: 'cA==' } },
      '10 13 0004 4d515454 04 c2 003c 0001 63 0001 75 0001 70',
    ],
    [{ type: 'subscribe', packetId: 1, subscriptions: [{ filter: 'a', qos: 1 }] }, '82 07 0001 00 0001 61 01'],
    [{ type: 'puback', packetId: 2, reasonCode: 135 }, '40 04 0002 87 00'],
    [{ type: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 1 } }, 'e0 07 04 05 11 00000001'],
    [{ packet: { type: 'unsuback', packetId: 1 }, protocolVersion: 4 }, 'b0 02 0001'],
    [{ v: 1, type: 'packet', wire: 'FF00' }, 'ff00'],
  ]
  for (const [value, hex] of cases) {
    test(`builds ${JSON.stringify(value)}`, () => {
      assert.deepEqual(encodeJson(JSON.stringify(value), 'test', undefined), [fromHex(hex)])
    })
  }

  test('takes many packets, one a line, and passes over the other records of inspect --json', () => {
    const text = '{"type":"opening","v":1}\n{"type":"pingreq"}\n\n{"type":"summary"}\n{"type":"pingresp"}\n'

    assert.deepEqual(encodeJson(text, 'test', undefined), [fromHex('c000'), fromHex('d000')])
  })

  test('builds at the version that the user says', () => {
    assert.deepEqual(encodeJson('{"type":"publish","topic":"a"}', 'test', 4), [fromHex('30 03 0001 61')])
  })
})

describe('bad JSON', () => {
  const cases: readonly (readonly [name: string, text: string, field: string])[] = [
    ['no JSON', '{"type":"pingreq"', 'test'],
    ['a broken second line', '{"type":"pingreq"}\n{', 'line 2 of test'],
    ['no object', '7', 'packet'],
    ['no type', '{}', 'packet.type'],
    ['an unknown type', '{"type":"toString"}', 'packet.type'],
    ['a misspelt field', '{"type":"publish","topics":"a"}', 'packet.topics'],
    ['a field of another type', '{"type":"publish","topic":"a","qos":"1"}', 'packet.qos'],
    ['a number out of range', '{"type":"puback","packetId":65536}', 'packet.packetId'],
    ['a packet identifier of 0', '{"type":"puback","packetId":0}', 'packet.packetId'],
    ['no packet identifier', '{"type":"publish","topic":"a","qos":1}', 'packet.packetId'],
    ['a wildcard in a topic', '{"type":"publish","topic":"a/#"}', 'packet.topic'],
    ['half a surrogate pair', '{"type":"publish","topic":"\\ud800"}', 'packet.topic'],
    ['no filters', '{"type":"subscribe","packetId":1,"subscriptions":[]}', 'packet'],
    ['a bad filter', '{"type":"unsubscribe","packetId":1,"filters":["a","b#"]}', 'packet.filters[1]'],
    [
      'an unknown property',
      '{"type":"pubrec","packetId":1,"properties":{"__proto__x":1}}',
      'packet.properties.__proto__x',
    ],
    [
      'a property elsewhere',
      '{"type":"pubrec","packetId":1,"properties":{"topicAlias":1}}',
      'packet.properties.topicAlias',
    ],
    [
      'a property value',
      '{"type":"disconnect","properties":{"userProperties":[["a"]]}}',
      'packet.properties.userProperties[0]',
    ],
    ['base64 that is none', '{"type":"publish","topic":"a","payload":"%","encoding":"base64"}', 'packet.payload'],
    ['a redacted password', '{"type":"connect","password":"***"}', 'packet.password'],
    ['redacted bytes', '{"type":"packet","wire":"***"}', 'packet.wire'],
    ['wire that is no hex', '{"type":"packet","wire":"3"}', 'packet.wire'],
    ['an unknown version', '{"type":"connect","version":6}', 'packet.version'],
    ['a reason code of another packet', '{"type":"puback","packetId":1,"reasonCode":1}', 'packet.reasonCode'],
    ['a string too long', `{"type":"publish","topic":"${'a'.repeat(65_536)}"}`, 'packet'],
    ['nothing', '\n', 'test'],
  ]
  for (const [name, text, field] of cases) {
    test(`that is ${name} is refused once, with its field`, () => {
      assert.throws(
        () => encodeJson(text, 'test', undefined),
        (error) => {
          assert.ok(error instanceof MqttCliError)
          assert.equal(error.kind, 'usage')
          assert.equal(error.details.facts?.field, field, error.message)
          return true
        },
      )
    })
  }

  test('never shows a password that stands in it', () => {
    for (const text of [
      '{"type":"connect","password":"canary',
      '{"type":"connect","password":["canary"]}',
      '{"password":"canary","type":7}',
    ]) {
      assert.throws(
        () => encodeJson(text, 'test', undefined),
        (error) => !String(error).includes('canary') && !JSON.stringify(error).includes('canary'),
      )
    }
  })
})
