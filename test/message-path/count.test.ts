import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runCli } from '../support/program/run-cli.ts'
import { accepts, grants } from '../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../support/scripted-broker/scripted-broker.ts'

/** PUBLISH to `a` at MQTT 3.1.1 with its number as identifier and payload. */
function message(qos: number, number: number): Buffer {
  const id = qos === 0 ? [] : [0, number]
  return Buffer.from([0x30 | (qos << 1), 3 + id.length + 1, 0, 1, 0x61, ...id, 0x30 + (number % 10)])
}

const flood = (qos: number) => Buffer.concat(Array.from({ length: 200 }, (_, index) => message(qos, index + 1)))

describe('sub -C 5 when 200 messages come in one piece', { concurrency: 3 }, () => {
  for (const qos of [0, 1, 2]) {
    test(`prints five of QoS ${qos}, acknowledges five, and leaves`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(4), ...grants(4, hex(qos), flood(qos).toString('hex')), { wait: 'client-close' }],
      ])
      t.after(broker.close)

      const sub = runCli(['sub', '-V', '4', ...broker.flags, '-t', 'a', '-q', String(qos), '-C', '5'])

      assert.deepEqual([await sub.exitCode, String(await sub.stdout())], [0, '1\n2\n3\n4\n5\n'])
      await broker.connections[0]?.whenClosed()
      const types = broker.connections[0]?.receivedTypes.slice(2) ?? []
      const five = (type: string) => Array.from({ length: 5 }, () => type)
      const expected = { 0: [], 1: five('puback'), 2: five('pubrec') }[qos] ?? []
      assert.deepEqual(types, [...expected, 'disconnect'])
    })
  }
})

const hex = (qos: number) => `0${qos}`
