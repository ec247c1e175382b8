import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodePacket } from '../../../src/protocol/wire/decode-packet.ts'
import { encodePacket } from '../../../src/protocol/wire/encode-packet.ts'
import { FrameSplitter } from '../../../src/protocol/wire/frame-splitter.ts'
import type { ProtocolVersion, Publish } from '../../../src/protocol/wire/packet.ts'
import { ScannedPublish, scanPublish } from '../../../src/protocol/wire/publish-scan.ts'
import { isViolation } from '../../../src/protocol/wire/violation.ts'
import { arbitraryPacketFrom } from '../../support/packets/arbitrary-packet.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'
import { packetVectors } from '../../vectors/packet-vectors.ts'

const versions: readonly ProtocolVersion[] = [3, 4, 5]
const publishType = 3

/** What a scan saw, as plain values; undefined where it left the packet to the strict decoder. */
function scanned(bytes: Buffer, start: number, bodyStart: number, end: number, version: ProtocolVersion) {
  const message = new ScannedPublish()
  if (!scanPublish(message, bytes, start, bodyStart, end, version)) return undefined
  const { qos, retain, dup, packetId, payloadStart, payloadEnd } = message
  const payload = message.bytes.toString('hex', payloadStart, payloadEnd)
  return { topic: message.topic(), payload, qos, retain, dup, packetId, properties: message.properties() }
}

function asPlain(packet: Publish) {
  const { topic, payload, qos, retain, dup, packetId = 0, properties } = packet
  return { topic, payload: Buffer.from(payload).toString('hex'), qos, retain, dup, packetId, properties }
}

/** Whatever the scan takes, the strict decoder takes too, and reads the same. Says how many it took. */
function agreesWithDecoder(stream: Buffer, version: ProtocolVersion): number {
  let taken = 0
  // Bytes before and behind: the scan must not look at what is not the packet's.
  const around = Buffer.concat([Buffer.from('3f00ff', 'hex'), stream, Buffer.from('00ff2b', 'hex')])
  const splitter = new FrameSplitter()
  splitter.version = version
  splitter.push(stream, (_, start, bodyStart, end) => {
    if (stream[start]! >> 4 !== publishType) return
    const seen = scanned(around, start + 3, bodyStart + 3, end + 3, version)
    const decoded = decodePacket(around, start + 3, end + 3, { version, sender: 'server' })
    if (isViolation(decoded)) assert.equal(seen, undefined, `${decoded.rule} ${stream.toString('hex')}`)
    else if (seen !== undefined) assert.deepEqual(seen, asPlain(decoded as Publish))
    if (seen !== undefined) taken++
  })
  return taken
}

describe('the scan of an ordinary PUBLISH', () => {
  test('reads every generated PUBLISH as the strict decoder does, or leaves it to it', () => {
    let taken = 0
    for (const version of versions) {
      const publishes = arbitraryPacketFrom('server', version).filter(({ type }) => type === 'publish')
      fc.assert(
        fc.property(publishes, (packet) => {
          taken += agreesWithDecoder(encodePacket(packet, version), version)
        }),
        { numRuns: 300 },
      )
    }
    assert.ok(taken > 100, `${taken} taken: the property was about nothing`)
  })

  test('takes nothing that the strict decoder refuses: bytes changed, put in and left out', () => {
    const ours = ['30 13 0001 61 0e 26 0001 62 0001 63 26 0002 6465 0000 66', '3209 0001 61 0007 03 01 01 62']
    const seeds = [...packetVectors.map(({ hex }) => hex), ...malformedVectors.map((vector) => vector[3]), ...ours]
    const publishes = seeds.map(fromHex).filter((bytes) => bytes[0]! >> 4 === publishType)
    let taken = 0
    const change = fc.record({ at: fc.nat(60), byte: fc.integer({ min: 0, max: 255 }), kind: fc.nat(2) })

    fc.assert(
      fc.property(
        fc.constantFrom(...publishes),
        fc.array(change, { maxLength: 3 }),
        fc.constantFrom(...versions),
        (seed, changes, version) => {
          const body = changes.reduce(
            (bytes, { at, byte, kind }) => changed(bytes, at, byte, kind),
            withoutLength(seed),
          )
          taken += agreesWithDecoder(withLength(seed[0]!, body), version)
          taken += agreesWithDecoder(withLength(0x30 | ((changes[0]?.byte ?? 0) & 15), body), version)
        },
      ),
      { numRuns: 3000 },
    )
    assert.ok(taken > 100, `${taken} taken: the property was about nothing`)
  })

  test('agrees with the strict decoder on every flag over short bodies', () => {
    for (const version of versions) {
      for (let flags = 0; flags < 16; flags++) {
        for (let length = 0; length <= 8; length++) {
          for (const fill of [0x00, 0x01, 0x61, 0x2b, 0x80]) {
            agreesWithDecoder(withLength(0x30 | flags, Buffer.from([0, 1, ...Array(length).fill(fill)])), version)
            agreesWithDecoder(withLength(0x30 | flags, Buffer.alloc(length, fill)), version)
          }
        }
      }
    }
  })

  const rows: ReadonlyArray<readonly [what: string, version: ProtocolVersion, hex: string, isTaken: boolean]> = [
    ['QoS 0 at 5', 5, '30 05 0001 61 00 62', true],
    ['QoS 2, DUP and retain at 3.1.1', 4, '3d 06 0001 61 0007 62', true],
    ['an empty payload', 4, '30 03 0001 61', true],
    ['a length in two bytes, below 5', 4, '30 8300 0001 61', true],
    ['a property, which the decoder reads', 5, '30 07 0001 61 02 0100 62', false],
    ['a user property', 5, '30 0d 0001 61 08 26 0001 62 0002 7879 62', true],
    ['user properties with empty strings', 5, '30 0e 0001 61 0a 26 0000 0000 26 0000 0000', true],
    ['128 bytes of user properties', 5, `30 84010001 61 8001 26 0001 62 007a ${'78'.repeat(122)}`, false],
    ['a user property and another one', 5, '30 0f 0001 61 0a 26 0001 62 0002 7879 0101 62', false],
    ['a user property beyond ASCII', 5, '30 0c 0001 61 08 26 0001 62 0002 c3a9', false],
    ['NUL in a user property [MQTT-1.5.4-2]', 5, '30 0b 0001 61 07 26 0001 62 0001 00', false],
    ['a user property that is cut off', 5, '30 0b 0001 61 07 26 0001 62 0002 78', false],
    ['a user property without a value', 5, '30 08 0001 61 04 26 0001 62', false],
    ['properties beyond the packet', 5, '30 0a 0001 61 08 26 0001 62 0002', false],
    ['a topic beyond ASCII, which the decoder reads', 5, '30 06 0002 c3a9 00 62', false],
    ['an empty topic [MQTT-4.7.3-1]', 4, '30 02 0000', false],
    ['a wildcard [MQTT-3.3.2-2]', 4, '30 03 0001 2b', false],
    ['NUL [MQTT-1.5.4-2]', 4, '30 03 0001 00', false],
    ['QoS 3 [MQTT-3.3.1-4]', 4, '36 05 0001 61 0001', false],
    ['DUP at QoS 0 [MQTT-3.3.1-2]', 4, '38 03 0001 61', false],
    ['packet identifier 0 [MQTT-2.2.1-4]', 4, '32 05 0001 61 0000', false],
    ['no Property Length [MQTT-2.2.2-1]', 5, '30 03 0001 61', false],
    ['a topic that is cut off', 4, '30 03 0002 61', false],
  ]
  for (const [what, version, hex, isTaken] of rows) {
    test(`${isTaken ? 'takes' : 'leaves'} ${what}`, () => {
      const bytes = fromHex(hex)
      const bodyStart = bytes[1]! >= 0x80 ? 3 : 2

      const seen = scanned(bytes, 0, bodyStart, bytes.length, version)

      assert.equal(seen !== undefined, isTaken)
      agreesWithDecoder(bytes, version)
    })
  }

  test('says where topic and payload lie, and what flags and identifier are', () => {
    const bytes = fromHex('3d 06 0001 61 0007 62')

    const seen = scanned(bytes, 0, 2, bytes.length, 4)

    const expected = { topic: 'a', payload: '62', qos: 2, retain: true, dup: true, packetId: 7, properties: {} }
    assert.deepEqual(seen, expected)
  })
})

/** Below 128 bytes all of them. */
function withLength(firstByte: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(firstByte, Math.min(127, body.length)), body.subarray(0, 127)])
}

function withoutLength(packet: Buffer): Buffer {
  return packet.subarray(packet.findIndex((byte, at) => at > 0 && byte < 0x80) + 1)
}

function changed(bytes: Buffer, position: number, byte: number, kind: number): Buffer {
  const at = bytes.length === 0 ? 0 : position % bytes.length
  const rest = kind === 2 ? bytes.subarray(at) : bytes.subarray(at + 1)
  return Buffer.concat([bytes.subarray(0, at), kind === 0 ? Buffer.alloc(0) : Buffer.of(byte), rest])
}
