import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accepts,
  endOf,
  messagesIn,
  runAgainst,
  serves,
  type Version,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

/** `a/b` with the payload `good`. */
const good: Readonly<Record<Version, string>> = {
  4: '30 09 0003 612f62 676f6f64',
  5: '30 0a 0003 612f62 00 676f6f64',
}

interface Row {
  readonly fault: string
  readonly what: string
  readonly version: Version
  readonly hex: string
  readonly rule: string
  readonly offset: number
  readonly code: number
}

const row = (
  fault: string,
  what: string,
  version: Version,
  hex: string,
  rule: string,
  offset: number,
  code: number,
): Row => ({ fault, what, version, hex, rule, offset, code })

const rows: readonly Row[] = [
  row('1', 'flags of PINGRESP', 5, 'd8 00', '[MQTT-2.1.3-1]', 0, 0x81),
  row('1', 'flags of PUBLISH: QoS 3', 4, '36 07 0001 61 0001 6261', '[MQTT-3.1.1:3.3.1-4]', 0, 0x81),
  row('1', 'DUP at QoS 0', 5, '38 05 0001 61 00 62', '[MQTT-3.3.1-2]', 0, 0x81),
  row('1', 'a topic longer than its packet', 5, '30 05 0009 61 00 62', '[MQTT5 §2.1.4]', 2, 0x81),
  row('1', 'properties longer than their packet', 5, '30 05 0001 61 09 62', '[MQTT5 §2.2.2.1]', 5, 0x81),
  row('1', 'a property that no PUBLISH has', 5, '30 09 0001 61 04 21 000a 00 62', '[MQTT5 §2.2.2.2]', 6, 0x81),
  row('1', 'a property twice', 5, '30 09 0001 61 04 01 00 01 00 62', '[MQTT5 §2.2.2.2]', 8, 0x82),
  row('1', 'a topic that is not UTF-8', 5, '30 07 0003 61c328 00 62', '[MQTT-1.5.4-1]', 5, 0x81),
  row('1', 'a PUBACK of one byte', 4, '40 01 00', '[MQTT3.1.1 §2.2.3]', 2, 0x81),
  row('1', 'a PUBACK of one byte, its length in two', 4, '40 81 00 00', '[MQTT3.1.1 §2.2.3]', 3, 0x81),
  row('2', 'CONNECT', 5, '10 0e 0004 4d515454 05 02 003c 00 0001 61', '[MQTT5 §2.1.2]', 0, 0x82),
  row('2', 'SUBSCRIBE', 5, '82 07 0001 00 0001 61 00', '[MQTT5 §2.1.2]', 0, 0x82),
  row('2', 'UNSUBSCRIBE', 4, 'a2 05 0001 0001 61', '[MQTT3.1.1 §2.2.1]', 0, 0x82),
  row('2', 'PINGREQ', 5, 'c0 00', '[MQTT5 §2.1.2]', 0, 0x82),
  row('2', 'DISCONNECT below 5', 4, 'e0 00', '[MQTT3.1.1 §2.2.1]', 0, 0x82),
  row('2', 'a second CONNACK', 5, '20 03 00 00 00', '[MQTT-3.2.0-2]', 0, 0x82),
  row('2', 'a second CONNACK', 4, '20 02 00 00', '[MQTT3.1.1 §3.2]', 0, 0x82),
  row('2', 'AUTH that nobody asked for', 5, 'f0 06 18 04 15 0001 6d', '[MQTT-4.12.0-6]', 0, 0x82),
  row('3', 'a Remaining Length of five bytes', 5, 'd0 80 80 80 80 01', '[MQTT5 §2.1.4]', 1, 0x81),
  row('3', 'a Remaining Length of five bytes', 4, 'd0 80 80 80 80 01', '[MQTT3.1.1 §2.2.3]', 1, 0x81),
  row('3', 'a Remaining Length that is not minimal', 5, 'd0 80 00', '[MQTT-1.5.5-1]', 1, 0x81),
  row('24', 'a wildcard in the topic', 5, '30 07 0003 612f23 00 62', '[MQTT-3.3.2-2]', 2, 0x81),
  row('24', 'a wildcard in the topic', 4, '30 06 0003 612f2b 62', '[MQTT-3.1.1:3.3.2-2]', 2, 0x81),
  row('24', 'NUL in the topic', 5, '30 07 0003 610062 00 62', '[MQTT-1.5.4-2]', 5, 0x81),
  row('24', 'half a surrogate pair in the topic', 5, '30 07 0003 eda080 00 62', '[MQTT-1.5.4-1]', 4, 0x81),
  row('24', 'half a character in the topic', 4, '30 05 0002 61c3 62', '[MQTT-3.1.1:1.5.3-1]', 5, 0x81),
  row('24', 'no topic and no alias', 5, '30 04 0000 00 62', '[MQTT-4.7.3-1]', 2, 0x82),
  row('24', 'no topic', 4, '30 03 0000 62', '[MQTT-3.1.1:4.7.3-1]', 2, 0x82),
]

/** Two processes at a time: there are two cores. */
describe('a packet that breaks a rule, behind a good message and before another one', { concurrency: 2 }, () => {
  for (const { fault, what, version, hex, rule, offset, code } of rows) {
    test(`fault ${fault}: ${what} at ${version === 5 ? '5' : '3.1.1'} is named ${rule}, and ends the session with 6`, async (t) => {
      const broker = await startScriptedBroker([serves(version, good[version] + hex + good[version])])
      t.after(broker.close)

      const run = runAgainst(broker, ['sub', 'a/b', '-q', '2', '-V', String(version)])
      const connection = await broker.connection(0)
      await connection.whenClosed()
      const end = await endOf(run)

      assert.equal(end.exitCode, 6)
      assert.deepEqual([end.error.statement, end.error.offset, end.error.reasonCode], [rule, offset, code])
      assert.deepEqual(messagesIn(end), ['a/b good'])
      assert.equal(saidGoodbye(connection.packets.at(-1)?.bytes), version === 5 ? `e002${hex2(code)}00` : 'nothing')
      assert.equal(broker.unexpected, 0)
    })
  }
})

describe('a byte that begins no packet, with nothing behind it', { concurrency: 2 }, () => {
  for (const [what, version, hex, rule, args] of [
    ['type 0', 5, '00', '[MQTT5 §2.1.2]', []],
    ['type 0', 4, '00', '[MQTT3.1.1 §2.2.1]', []],
    ['type 15', 4, 'f0', '[MQTT3.1.1 §2.2.1]', []],
    ['type 0, seen by a trace too', 5, '00', '[MQTT5 §2.1.2]', ['--trace=json']],
    ['type 15, seen by a trace too', 4, 'f0', '[MQTT3.1.1 §2.2.1]', ['--trace=json']],
  ] as const) {
    test(`fault 1: ${what} at ${version} ends the session at once with 6`, async (t) => {
      const broker = await startScriptedBroker([[...serves(version, good[version] + hex), { wait: 'client-close' }]])
      t.after(broker.close)

      const run = runAgainst(broker, ['sub', 'a/b', '-q', '2', '-k', '3600', '-V', String(version), ...args])
      const end = await endOf(run)

      assert.deepEqual([end.exitCode, end.error.statement, end.error.offset], [6, rule, 0])
      assert.deepEqual(messagesIn(end), ['a/b good'])
    })
  }
})

/** The DISCONNECT of MQTT 5, if that was the last packet [MQTT-4.13.2-1]; 3.1.1 has no words for it. */
function saidGoodbye(last: Buffer | undefined): string {
  return last !== undefined && last[0] === 0xe0 ? last.toString('hex') : 'nothing'
}

function hex2(value: number): string {
  return value.toString(16).padStart(2, '0')
}

describe('a CONNACK that breaks a rule', { concurrency: 2 }, () => {
  const connacks: ReadonlyArray<readonly [what: string, version: Version, hex: string, rule: string]> = [
    ['with flags', 5, '21 03 00 00 00', '[MQTT-2.1.3-1]'],
    ['with a reserved acknowledge flag', 5, '20 03 02 00 00', '[MQTT-3.2.2-1]'],
    ['with Session Present beside a refusal', 4, '20 02 01 05', '[MQTT-3.1.1:3.2.2-4]'],
    ['with Receive Maximum 0', 5, '20 06 00 00 03 21 0000', '[MQTT5 §3.2.2.3.3]'],
  ]
  for (const [what, version, hex, rule] of connacks) {
    test(`fault 1: ${what} at ${version === 5 ? '5' : '3.1.1'} is named ${rule}, and nothing is sent after it`, async (t) => {
      const script: Step[] = [...accepts(version, hex), { wait: 'client-close' }]
      const broker = await startScriptedBroker([script])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['pub', 'a', 'b', '-q', '1', '-V', String(version)]))

      assert.equal(end.exitCode, 6)
      assert.equal(end.error.statement, rule)
      assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect'])
    })
  }
})

test('fault 2: a packet before CONNACK ends with 6, and is not delivered', async (t) => {
  const broker = await startScriptedBroker([[{ expect: 'connect' }, { send: good[5] }, { wait: 'client-close' }]])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['sub', 'a/b', '-V', '5']))

  assert.equal(end.exitCode, 6)
  assert.equal(end.error.statement, '[MQTT-3.2.0-1]')
  assert.equal(end.stdout, '')
})

test('fault 3: a Remaining Length that is not minimal is read as it is meant below MQTT 5', async (t) => {
  const broker = await startScriptedBroker([serves(4, '30 8900 0003 612f62 676f6f64')])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['sub', 'a/b', '-V', '311', '-C', '1']))

  assert.equal(end.exitCode, 0)
  assert.deepEqual(messagesIn(end), ['a/b good'])
})
