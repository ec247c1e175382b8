import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accepts,
  connackWith,
  endOf,
  hexByte,
  messagesIn,
  runAgainst,
  serves,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const subscriber = ['sub', 'a']
const oneMessage = ['pub', 'a', 'b', '-q', '1']
const lines = ['pub', '-l', '-t', 'a', '-q', '1']

function refusal(version: 4 | 5, code: number, properties = ''): Step[] {
  const connack = version === 5 ? connackWith(properties, hexByte(code)) : `20 02 00 ${hexByte(code)}`
  return [...accepts(version, connack), { wait: 'client-close' }]
}

describe('CONNACK that says no', { concurrency: 4 }, () => {
  const rows: ReadonlyArray<readonly [version: 4 | 5, code: number, name: string]> = [
    [4, 2, 'identifier rejected'],
    [4, 4, 'bad user name or password'],
    [4, 5, 'not authorized'],
    [5, 0x85, 'Client Identifier not valid'],
    [5, 0x86, 'Bad User Name or Password'],
    [5, 0x87, 'Not authorized'],
    [5, 0x8a, 'Banned'],
  ]
  const commands = [subscriber, oneMessage, lines]
  for (const [index, [version, code, reasonName]] of rows.entries()) {
    const [command = '', ...args] = commands[index % commands.length] ?? []
    test(`fault 15: ${reasonName} (${code} at ${version === 5 ? '5' : '3.1.1'}) is not tried again by ${command}: 4`, async (t) => {
      const broker = await startScriptedBroker([refusal(version, code)])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, [command, ...args, '-V', String(version)], { stdin: 'x\n' }))

      assert.equal(end.exitCode, 4)
      assert.equal(end.error.reasonCode, code)
      assert.equal(end.error.reasonName?.toLowerCase(), reasonName.toLowerCase())
      assert.equal(end.error.layer, 'CONNACK')
      assert.equal(broker.unexpected, 0)
      assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect']) // and nothing after a refusal [MQTT-3.2.2-7]
    })
  }
})

describe('CONNACK that says later', { concurrency: 4 }, () => {
  const rows: ReadonlyArray<readonly [version: 4 | 5, code: number]> = [
    [4, 3],
    [5, 0x88],
    [5, 0x89],
    [5, 0x97],
    [5, 0x9f],
  ]
  for (const [version, code] of rows) {
    const said = `0x${hexByte(code)} at ${version === 5 ? '5' : '3.1.1'}`

    test(`fault 16: ${said}: one-shot pub does not wait: 4`, async (t) => {
      const broker = await startScriptedBroker([refusal(version, code)])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, [...oneMessage, '-V', String(version)]))

      assert.equal(end.exitCode, 4)
      assert.equal(end.error.reasonCode, code)
      assert.equal(broker.unexpected, 0)
    })

    test(`fault 16: ${said}: sub tries again after a delay that it tells`, async (t) => {
      const message = { 4: '30 04 0001 61 78', 5: '30 05 0001 61 00 78' }[version]
      const broker = await startScriptedBroker([refusal(version, code), serves(version, message)])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, [...subscriber, '-C', '1', '-V', String(version)]))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(messagesIn(end), ['a x'])
      assert.match(end.notes[0]?.message ?? '', /again in \d\.\d s/)
    })
  }

  test('fault 16: pub -l tries again, and then publishes', async (t) => {
    const broker = await startScriptedBroker([
      refusal(5, 0x88),
      [...accepts(5), { expect: 'publish' }, { send: '40 02 0001' }, { expect: 'disconnect' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, [...lines, '-V', '5'], { stdin: 'x\n' }))

    assert.equal(end.exitCode, 0)
    await broker.connections[1]?.scriptDone
  })

  for (const args of [subscriber, lines]) {
    test(`fault 16: ${args[0]} gives up within --reconnect-for: 4`, async (t) => {
      const broker = await startScriptedBroker([], { otherwise: refusal(5, 0x88) })
      t.after(broker.close)
      const startMs = performance.now()

      const run = runAgainst(broker, [...args, '-V', '5', '--reconnect-for', '1'], { stdin: 'x\n' })
      const end = await endOf(run)

      assert.equal(end.exitCode, 4)
      assert.equal(end.error.reasonCode, 0x88)
      assert.ok(performance.now() - startMs < 20_000, 'in time, on a busy machine too')
      assert.ok(broker.connections.length <= end.notes.length + 1)
    })
  }

  test('fault 16: after a connection that stood, a refusal that is final ends pub -l with 4, and names the lines', async (t) => {
    const broker = await startScriptedBroker([
      [...accepts(5), { expect: 'publish' }, { close: 'fin' }],
      refusal(5, 0x87),
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, [...lines, '-V', '5'], { stdin: 'x\ny\n' }))

    assert.equal(end.exitCode, 4)
    assert.equal(end.error.facts?.unconfirmedLines, '1-2')
  })
})

test('fault 15: what the broker says beside its code is told', async (t) => {
  const properties = '1f 0005 6e6f2c206e' // Reason String
  const broker = await startScriptedBroker([refusal(5, 0x87, properties)])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, [...oneMessage, '-V', '5']))

  assert.equal(end.exitCode, 4)
  assert.equal(end.error.facts?.reasonString, 'no, n')
})
