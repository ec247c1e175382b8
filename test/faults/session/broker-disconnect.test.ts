import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  acceptingConnack,
  endOf,
  hexByte,
  messagesIn,
  runAgainst,
  serves,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const message = '30 05 0001 61 00 78'

describe('DISCONNECT from the broker', { concurrency: 2 }, () => {
  const final: ReadonlyArray<readonly [hex: string, code: number, name: string]> = [
    ['e0 00', 0x00, 'Normal disconnection'],
    ['e0 01 8e', 0x8e, 'Session taken over'],
    ['e0 01 98', 0x98, 'Administrative action'],
    ['e0 01 87', 0x87, 'Not authorized'],
    ['e0 01 81', 0x81, 'Malformed Packet'],
  ]
  for (const [hex, code, reasonName] of final) {
    test(`fault 18: 0x${hexByte(code)} ${reasonName} is final: it is named, 4, and nobody comes back`, async (t) => {
      const broker = await startScriptedBroker([[...serves(5, message + hex), { wait: 'client-close' }]])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5']))

      assert.equal(end.exitCode, 4)
      assert.deepEqual([end.error.reasonCode, end.error.reasonName], [code, reasonName])
      assert.equal(end.error.layer, 'DISCONNECT')
      assert.deepEqual(messagesIn(end), ['a x'])
      assert.equal(broker.unexpected, 0)
      assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect', 'subscribe'])
    })
  }

  for (const code of [0x8b, 0x89, 0x8d]) {
    test(`fault 18: after 0x${hexByte(code)} sub comes back`, async (t) => {
      const broker = await startScriptedBroker([
        [...serves(5, `e0 01 ${hexByte(code)}`), { wait: 'client-close' }],
        serves(5, message),
      ])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '-C', '1']))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(messagesIn(end), ['a x'])
      assert.match(end.notes[0]?.message ?? '', /ended the connection.*again in/)
    })
  }

  test('fault 18: one-shot pub does not come back, whatever the code: 4, and the message is unconfirmed', async (t) => {
    const broker = await startScriptedBroker([
      [{ expect: 'connect' }, { send: acceptingConnack[5] }, { expect: 'publish' }, { send: 'e0 01 8b' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['pub', 'a', 'b', '-q', '1', '-V', '5']))

    assert.equal(end.exitCode, 4)
    assert.deepEqual([end.error.reasonCode, end.error.facts?.unconfirmed], [0x8b, 1])
  })

  test('fault 18: the reason string is told', async (t) => {
    const broker = await startScriptedBroker([[...serves(5, 'e0 08 98 06 1f 0003 627965'), { wait: 'client-close' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5']))

    assert.equal(end.exitCode, 4)
    assert.match(end.error.message, /bye/)
    assert.equal(end.error.facts?.reasonString, 'bye')
  })

  test('fault 18: pub -l publishes the rest after 0x8B, and what was unconfirmed again', async (t) => {
    const broker = await startScriptedBroker([
      [{ expect: 'connect' }, { send: acceptingConnack[5] }, { expect: 'publish' }, { send: 'e0 01 8b' }],
      [
        { expect: 'connect' },
        { send: '20 03 01 00 00' },
        { expect: 'publish' },
        { send: '40 02 0001' },
        { expect: 'publish' },
        { send: '40 02 0002' },
        { expect: 'disconnect' },
      ],
    ])
    t.after(broker.close)
    const args = ['pub', '-l', '-t', 'a', '-q', '1', '-M', '1', '-V', '5']

    const end = await endOf(runAgainst(broker, args, { stdin: 'x\ny\n' }))

    assert.equal(end.exitCode, 0)
    await broker.connections[1]?.scriptDone
    assert.equal(broker.connections[1]?.packets[1]?.bytes[0], 0x3a) // DUP, QoS 1 [MQTT-3.3.1-1]
  })
})

describe('a connection that ends right behind CONNACK', { concurrency: 2 }, () => {
  const cut = [{ expect: 'connect' }, { send: acceptingConnack[5] }, { close: 'fin' }] as const

  test('fault 19: is followed by another, where sub serves', async (t) => {
    const broker = await startScriptedBroker([cut, serves(5, message)])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '-C', '1']))

    assert.equal(end.exitCode, 0)
    assert.deepEqual(messagesIn(end), ['a x'])
  })

  test('fault 19: ends one-shot pub and sub --reconnect-for 0 with 5', async (t) => {
    const broker = await startScriptedBroker([cut, cut])
    t.after(broker.close)

    const one = endOf(runAgainst(broker, ['pub', 'a', 'b', '-q', '1', '-V', '5']))
    const two = endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '--reconnect-for', '0']))

    assert.deepEqual([(await one).exitCode, (await two).exitCode], [5, 5])
  })

  test('fault 19: at QoS 0 as well: a message is not sent when nobody can have read it', async (t) => {
    const broker = await startScriptedBroker([cut])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['pub', 'a', 'b', '-V', '5']))

    assert.equal(end.exitCode, 5)
  })
})
