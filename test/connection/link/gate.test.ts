import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Gate, type GateLimits } from '../../../src/connection/link/gate.ts'
import type { ProtocolVersion } from '../../../src/protocol/wire/packet.ts'
import type { Violation } from '../../../src/protocol/wire/violation.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { malformedVectors } from '../../vectors/malformed-vectors.ts'

/** What came through, in a line each. */
function gateAt(version: ProtocolVersion, limits?: GateLimits) {
  const passed: string[] = []
  const violations: Violation[] = []
  let refuses: Violation | undefined
  const pass = (line: string) => {
    passed.push(line)
    return refuses
  }
  const gate = new Gate(
    version,
    {
      scannedPublish: (message) => pass(`message ${message.topic()} ${message.qos} ${message.packetId}`),
      decodedPublish: ({ topic, properties }) => pass(`publish ${topic} ${Object.keys(properties).join()}`),
      acknowledgement: (type, packetId, code) => pass(`${type} ${packetId} ${code}`),
      control: (packet, wire) => pass(`${packet.type} ${wire.toString('hex')}`),
      tolerated: ({ rule }) => passed.push(`tolerated ${rule}`),
      violated: (violation) => violations.push(violation),
    },
    limits,
  )
  const refuse = (violation: Violation) => {
    refuses = violation
  }
  return { gate, passed, violations, refuse }
}

const everything = [
  '20 03 00 00 00', // CONNACK
  '32 07 0001 61 0001 00 78', // PUBLISH, plain
  '30 07 0001 61 02 0101 78', // PUBLISH with a property
  '30 06 0002 c3a9 00 78', // PUBLISH with a topic that is not ASCII
  '40 02 0001', // PUBACK, short
  '50 03 0002 87', // PUBREC with a reason code
  '62 02 0003', // PUBREL
  '70 04 0004 92 00', // PUBCOMP with empty properties
  '90 04 ff9c 00 01', // SUBACK
  'd0 00', // PINGRESP
]
const everythingPassed = [
  'connack 2003000000',
  'message a 1 1',
  'publish a payloadFormatIndicator',
  'publish é ',
  'puback 1 0',
  'pubrec 2 135',
  'pubrel 3 0',
  'pubcomp 4 146',
  'suback 9004ff9c0001',
  'pingresp d000',
]

describe('the gate', () => {
  test('hands each packet to who it is for, whole, split at every byte, and joined', () => {
    const bytes = fromHex(everything.join(''))
    const chunkings = [[bytes], ...Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)])]
    chunkings.push(Array.from(bytes, (byte) => Buffer.of(byte)))

    for (const chunks of chunkings) {
      const { gate, passed, violations } = gateAt(5)
      for (const chunk of chunks) gate.receive(Buffer.from(chunk))
      assert.deepEqual([passed, violations], [everythingPassed, []])
    }
  })

  test('lets nothing through behind a violation, in the same read or later [MQTT-4.13.1-1]', () => {
    const { gate, passed, violations } = gateAt(5)

    gate.receive(fromHex('d000 d801 00 d000'))
    gate.receive(fromHex('d000'))

    assert.deepEqual(passed, ['pingresp d000'])
    assert.equal(violations.length, 1)
  })

  test('takes a handler’s refusal for a violation', () => {
    const { gate, passed, violations, refuse } = gateAt(5)
    const violation = { packet: 'pingresp', offset: 0, rule: '[a rule]', reasonCode: 0x82, message: 'm' } as const
    refuse(violation)

    gate.receive(fromHex('d000 d000'))

    assert.deepEqual([passed.length, violations], [1, [violation]])
  })

  test('lets nothing through once it is closed, and says nothing of it', () => {
    const { gate, passed, violations } = gateAt(5)

    gate.close()
    gate.receive(fromHex('d000 d801 00'))

    assert.deepEqual([passed, violations], [[], []])
  })

  test('says which packet is unfinished', () => {
    const { gate } = gateAt(5)

    gate.receive(fromHex('d000 30 08 0001 61'))

    assert.deepEqual(gate.unfinished, { packet: 'publish', declaredBytes: 10, receivedBytes: 5 })
  })

  test('refuses a packet above our Maximum Packet Size at its header: 0x95 [MQTT-3.1.2-24]', () => {
    const { gate, violations } = gateAt(5, { maximumPacketSize: 100 })

    gate.receive(fromHex('30 80 01'))

    assert.deepEqual([violations[0]?.rule, violations[0]?.reasonCode], ['[MQTT-3.1.2-24]', 0x95])
  })

  test('reads a four-byte CONNACK to MQTT 5 in the words of 3.1.1', () => {
    const { gate, passed, violations } = gateAt(5)

    gate.receive(fromHex('20 02 00 01'))

    assert.deepEqual([passed, violations], [['connack 20020001'], []])
  })

  test('measures an acknowledgement by its body, however its length is written below 5', () => {
    const { gate, passed, violations } = gateAt(4)

    gate.receive(fromHex('40 8200 0007'))
    gate.receive(fromHex('40 8100 00 40 02 0007'))

    assert.deepEqual(passed, ['puback 7 0'])
    assert.equal(violations[0]?.rule, '[MQTT3.1.1 §2.2.3]')
  })

  test('refuses an acknowledgement of packet identifier 0', () => {
    const { gate, passed, violations } = gateAt(4)

    gate.receive(fromHex('40 02 0000'))

    assert.deepEqual([passed, violations.length], [[], 1])
  })
})

describe('each malformed packet of a server', () => {
  /** But a packet that is cut off, whose end may come, and a CONNACK of four bytes, which may be an older server's. */
  const whole = malformedVectors.filter(
    ([name, , sender, hex]) =>
      sender === 'server' && !name.startsWith('fewer bytes') && hex.replaceAll(' ', '') !== '20020000',
  )

  test('fault 1: is named by its rule, offset and reason code; its well-formed twin passes', () => {
    assert.ok(whole.length > 40, `${whole.length} vectors`)
    for (const [name, version, , malformed, twin, rule, offset, reasonCode] of whole) {
      const { gate, passed, violations } = gateAt(version)
      const other = gateAt(version)

      gate.receive(fromHex(`d000 ${malformed} d000`))
      other.gate.receive(fromHex(`d000 ${twin} d000`))

      const [violation] = violations
      const seen = [violation?.rule, violation?.offset, violation?.reasonCode]
      assert.deepEqual(seen, [rule, offset, reasonCode], `${name} at ${version}`)
      assert.deepEqual(passed, ['pingresp d000'], name)
      assert.deepEqual([other.passed.length, other.violations], [3, []], `the twin of ${name} at ${version}`)
    }
  })
})
