import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { publishBytes } from '../../support/packets/publish-bytes.ts'
import {
  accepts,
  acknowledges,
  endOf,
  grants,
  messagesIn,
  runAgainst,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const names = ['__proto__', 'toString', 'constructor', 'hasOwnProperty', 'prototype', 'valueOf'] as const
/** A string as MQTT carries it, in hex. */
const field = (text: string) => `${text.length.toString(16).padStart(4, '0')}${Buffer.from(text).toString('hex')}`

describe('names that JavaScript objects inherit', { concurrency: 2 }, () => {
  test('fault 42: as topic, client id, user name and user property of a publish are just strings', async (t) => {
    for (const name of names.slice(0, 3)) {
      const broker = await startScriptedBroker([
        [...accepts(5), { expect: 'publish' }, acknowledges('40'), { expect: 'disconnect' }],
      ])
      t.after(broker.close)
      const property = (packet: string) => ['-D', packet, 'user-property', name, name]
      const more = [...property('publish'), ...property('connect'), ...property('disconnect'), ...property('publish')]

      const end = await endOf(
        runAgainst(broker, ['pub', name, name, '-q', '1', '-V', '5', '-i', name, '-u', name, ...more]),
      )

      assert.equal(end.exitCode, 0)
      await broker.connections[0]?.scriptDone
      const [connect, publish, disconnect] = broker.connections[0]!.packets.map(({ bytes }) => bytes.toString('hex'))
      const pair = `26${field(name)}${field(name)}`
      assert.ok(connect?.includes(pair) && connect.endsWith(field(name) + field(name)))
      assert.ok(publish?.includes(field(name)) && publish.includes(pair + pair))
      assert.ok(disconnect?.endsWith(pair))
    }
  })

  test('fault 42: as filters to subscribe to and to leave they all reach the wire, in order', async (t) => {
    const all = names.map((name) => `${field(name)}00`).join('')
    const message = publishBytes({ topic: '__proto__', payload: 'x', properties: userProperties() }, 5)
    const broker = await startScriptedBroker([
      [
        ...accepts(5),
        ...grants(5, '00'.repeat(names.length)),
        { expect: 'unsubscribe' },
        { send: `b0 05 ff9d 00 00 00 ${message.toString('hex')}` },
      ],
    ])
    t.after(broker.close)
    const args = ['sub', ...names, '-V', '5', '-C', '1', '-U', '__proto__', '-U', 'toString', '-T', 'constructor']

    const end = await endOf(runAgainst(broker, args))

    assert.equal(end.exitCode, 0)
    const [, subscribe, unsubscribe] = broker.connections[0]!.packets.map(({ bytes }) => bytes.toString('hex'))
    assert.ok(subscribe?.endsWith(all))
    assert.ok(unsubscribe?.endsWith(field('__proto__') + field('toString')))
    assert.deepEqual(messagesIn(end), ['__proto__ x'])
    assert.deepEqual(JSON.parse(end.stdout).properties.userProperties, userProperties().userProperties)
  })

  test('fault 42: after a reconnect they are subscribed to again', async (t) => {
    const message = publishBytes({ topic: '__proto__', payload: 'x' }, 5).toString('hex')
    const broker = await startScriptedBroker([
      [...accepts(5), ...grants(5, '00 00'), { close: 'fin' }],
      [...accepts(5), ...grants(5, '00 00', message)],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', '__proto__', 'toString', '-V', '5', '-C', '1']))

    assert.equal(end.exitCode, 0)
    const [first, second] = broker.connections.map(({ packets }) => packets[1]?.bytes.toString('hex'))
    assert.equal(first, second)
  })

  test('fault 42: through mosquitto they come back as they went', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    const sub = runAgainst(broker, ['sub', '__proto__/#', 'toString', '-q', '2', '-i', '__proto__', '-C', '2', '-d'])
    await sub.whenStderr(/suback/i)
    const property = ['-D', 'publish', 'user-property', '__proto__', 'toString']

    for (const topic of ['__proto__/constructor', 'toString']) {
      const end = await endOf(runAgainst(broker, ['pub', topic, 'x', '-q', '2', '-i', 'constructor', ...property]))
      assert.equal(end.exitCode, 0)
    }

    assert.equal(await sub.exitCode, 0)
    const records = (await sub.stdout()).toString().trim().split('\n')
    const shown = records.map((line) => JSON.parse(line))
    assert.deepEqual(
      shown.map(({ topic }) => topic),
      ['__proto__/constructor', 'toString'],
    )
    assert.deepEqual(shown[0].properties.userProperties, [['__proto__', 'toString']])
  })
})

function userProperties() {
  return { userProperties: names.flatMap((name) => [[name, 'a'] as const, [name, 'b'] as const]) }
}
