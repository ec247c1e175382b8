import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accepts,
  connackWith,
  endOf,
  grants,
  messagesIn,
  resumingConnack,
  runAgainst,
  serves,
  type Version,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const name = (version: Version) => (version === 5 ? '5' : '3.1.1')

/** PUBLISH to `a` at QoS 2 with packet identifier 7. */
const once: Readonly<Record<Version, string>> = { 4: '34 08 0001 61 0007 6f6e65', 5: '34 09 0001 61 0007 00 6f6e65' }
const onceAgain: Readonly<Record<Version, string>> = { 4: `3c${once[4].slice(2)}`, 5: `3c${once[5].slice(2)}` }
const last: Readonly<Record<Version, string>> = { 4: '34 08 0001 61 0008 656e64', 5: '34 09 0001 61 0008 00 656e64' }
const pubrel = '62 02 0007'

describe('a QoS 2 message that comes twice', { concurrency: 4 }, () => {
  for (const version of [4, 5] as const) {
    test(`fault 11: at ${name(version)} it is printed once, with PUBREC and PUBCOMP each time`, async (t) => {
      const broker = await startScriptedBroker([
        [
          ...serves(version, once[version]),
          { expect: 'pubrec' },
          { send: onceAgain[version] },
          { expect: 'pubrec' },
          { send: pubrel },
          { expect: 'pubcomp' },
          { send: pubrel },
          { expect: 'pubcomp' },
          { send: last[version] },
        ],
      ])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-q', '2', '-V', String(version), '-C', '2']))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(messagesIn(end), ['a one', 'a end'])
      await broker.connections[0]?.scriptDone
      const [first, second] = broker.connections[0]!.packets.filter(({ type }) => type === 'pubcomp')
      assert.equal(first?.bytes.toString('hex'), '70020007')
      assert.equal(second?.bytes.toString('hex'), version === 5 ? '7003000792' : '70020007') // [MQTT-4.3.3-11]
    })

    test(`fault 11: at ${name(version)} it stays known over a reconnect to the same session`, async (t) => {
      const broker = await startScriptedBroker([
        [...serves(version, once[version]), { expect: 'pubrec' }, { close: 'fin' }],
        [
          ...accepts(version, resumingConnack[version]),
          ...grants(version, '02', onceAgain[version]),
          { expect: 'pubrec' },
          { send: pubrel + last[version] },
          { expect: 'pubcomp' },
        ],
      ])
      t.after(broker.close)

      const args = ['sub', 'a', '-q', '2', '-V', String(version), '-C', '2', '-c', '-i', 'fault-11']
      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(messagesIn(end), ['a one', 'a end'])
      assert.equal(broker.connections.length, 2)
    })

    test(`fault 11: at ${name(version)} a new session makes it a new message`, async (t) => {
      const broker = await startScriptedBroker([
        [...serves(version, once[version]), { expect: 'pubrec' }, { close: 'fin' }],
        serves(version, once[version]),
      ])
      t.after(broker.close)

      const args = ['sub', 'a', '-q', '2', '-V', String(version), '-C', '2', '-c', '-i', 'fault-11']
      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(messagesIn(end), ['a one', 'a one'])
    })
  }
})

describe('topic aliases that we allowed two of', { concurrency: 4 }, () => {
  const aliased = (alias: string, topic = '') => {
    const topicHex = Buffer.from(topic).toString('hex')
    const length = 2 + topic.length + 4 + 1
    return `30 ${length.toString(16).padStart(2, '0')} 00 0${topic.length} ${topicHex} 03 23 ${alias} 78`
  }
  const faults: ReadonlyArray<readonly [what: string, hex: string, rule: string, code: number]> = [
    ['0', aliased('0000', 'a'), '[MQTT-3.3.2-8]', 0x94],
    ['3, above our maximum', aliased('0003', 'a'), '[MQTT-3.1.2-26]', 0x94],
    ['2, which stands for nothing yet', aliased('0002'), '[MQTT5 §3.3.2.3.4]', 0x82],
  ]
  for (const [what, hex, rule, code] of faults) {
    test(`fault 22: topic alias ${what} ends the session with 0x${code.toString(16)} and 6`, async (t) => {
      const good = aliased('0001', 'a') + aliased('0001')
      const broker = await startScriptedBroker([[...serves(5, good + hex), { wait: 'client-close' }]])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-D', 'connect', 'topic-alias-maximum', '2']))

      assert.equal(end.exitCode, 6)
      assert.deepEqual([end.error.statement, end.error.reasonCode], [rule, code])
      assert.deepEqual(messagesIn(end), ['a x', 'a x'])
      const goodbye = broker.connections[0]?.packets.at(-1)?.bytes.toString('hex')
      assert.equal(goodbye, `e002${code.toString(16)}00`)
    })
  }

  test('fault 22: topic alias 1 without our having allowed any is 0x94 and 6', async (t) => {
    const broker = await startScriptedBroker([[...serves(5, aliased('0001', 'a')), { wait: 'client-close' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5']))

    assert.equal(end.exitCode, 6)
    assert.deepEqual([end.error.statement, end.error.reasonCode], ['[MQTT-3.1.2-27]', 0x94])
  })

  test('fault 22: an alias carried over a reconnect is 0x82 and 6 [MQTT-3.3.2-7]', async (t) => {
    const broker = await startScriptedBroker([
      [...serves(5, aliased('0001', 'a')), { close: 'fin' }],
      [...serves(5, aliased('0001')), { wait: 'client-close' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-D', 'connect', 'topic-alias-maximum', '2']))

    assert.equal(end.exitCode, 6)
    assert.deepEqual([end.error.statement, end.error.reasonCode], ['[MQTT-3.3.2-7]', 0x82])
    assert.deepEqual(messagesIn(end), ['a x'])
  })
})

describe('our Receive Maximum of 2', { concurrency: 4 }, () => {
  const qos1 = (id: string) => `32 07 0001 61 ${id} 00 78`
  const qos2 = (id: string) => `34 07 0001 61 ${id} 00 78`
  const args = ['sub', 'a', '-q', '2', '-V', '5', '-D', 'connect', 'receive-maximum', '2']

  for (const [what, third] of [
    ['QoS 1', qos1('0003')],
    ['QoS 2', qos2('0003')],
  ] as const) {
    test(`fault 23: a third message at ${what} before an acknowledgement is 0x93, and 6 [MQTT-3.3.4-9]`, async (t) => {
      const script = [...serves(5, qos1('0001') + qos2('0002') + third), { wait: 'client-close' } as const]
      const broker = await startScriptedBroker([script])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 6)
      assert.deepEqual([end.error.statement, end.error.reasonCode], ['[MQTT-3.3.4-9]', 0x93])
      assert.equal(broker.connections[0]?.packets.at(-1)?.bytes.toString('hex'), 'e0029300') // and nothing behind it
      assert.deepEqual(messagesIn(end), ['a x', 'a x'])
    })
  }

  test('fault 23: any number of them, two at a time, is allowed', async (t) => {
    const broker = await startScriptedBroker([
      [
        ...serves(5, qos1('0001') + qos2('0002')),
        { expect: 'puback' },
        { expect: 'pubrec' },
        { send: `${qos1('0003')} 62 02 0002` },
        { skipTo: 'pubcomp' },
        { send: `${qos2('0002')} 30 05 0001 61 00 79` },
      ],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, [...args, '-C', '5']))

    assert.equal(end.exitCode, 0)
    assert.deepEqual(messagesIn(end), ['a x', 'a x', 'a x', 'a x', 'a y'])
  })

  test('fault 23: a new connection has a new quota: PUBREL of the old one does not count in it [MQTT5 §4.9]', async (t) => {
    const one = ['sub', 'a', '-q', '2', '-V', '5', '-D', 'connect', 'receive-maximum', '1', '-c', '-i', 'fault-23']
    const broker = await startScriptedBroker([
      [...serves(5, qos2('0007')), { expect: 'pubrec' }, { close: 'fin' }],
      [
        ...accepts(5, resumingConnack[5]),
        ...grants(5, '02', `${qos2('0008')} 62 02 0007`), // one in the quota, and the end of the one before
        { expect: 'pubcomp' },
      ],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, [...one, '-C', '2']))

    assert.equal(end.exitCode, 0)
    assert.deepEqual(messagesIn(end), ['a x', 'a x'])
  })
})

describe('Session Present', { concurrency: 2 }, () => {
  for (const [version, rule] of [
    [5, '[MQTT-3.2.2-2]'],
    [4, '[MQTT-3.1.1:3.2.2-1]'],
  ] as const) {
    test(`fault 43: after a clean start at ${name(version)} it is a violation: close, 6 ${rule}`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(version, resumingConnack[version]), { wait: 'client-close' }],
      ])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', String(version)]))

      assert.equal(end.exitCode, 6)
      assert.equal(end.error.statement, rule)
      assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect'])
    })

    test(`fault 43: after -c at ${name(version)} it is the user's session, whose messages may come before SUBACK`, async (t) => {
      const waiting = { 4: '32 06 0001 61 0001 78', 5: '32 07 0001 61 0001 00 78' }[version]
      const broker = await startScriptedBroker([accepts(version, resumingConnack[version] + waiting)])
      t.after(broker.close)

      const args = ['sub', 'a', '-q', '1', '-V', String(version), '-c', '-i', 'fault-43', '-C', '1']
      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(messagesIn(end), ['a x'])
    })

    test(`fault 43: pub in that session leaves the messages that come to whoever subscribes, at ${name(version)}`, async (t) => {
      const waiting = {
        4: '30 04 0001 61 78 32 06 0001 61 0001 78',
        5: '30 05 0001 61 00 78 32 07 0001 61 0001 00 78',
      }[version]
      const broker = await startScriptedBroker([
        [...accepts(version, resumingConnack[version] + waiting), { expect: 'publish' }, { send: '40 02 0001' }],
      ])
      t.after(broker.close)

      const args = ['pub', 'a', 'b', '-q', '1', '-V', String(version), '-c', '-i', 'fault-43']
      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect', 'publish', 'disconnect'])
    })
  }

  test('fault 43: at MQTT 5 pub -l begins its session without Clean Start, and one that was not its own is a violation', async (t) => {
    const broker = await startScriptedBroker([
      [...accepts(5, connackWith('', '00').replace('20 03 00', '20 03 01')), { wait: 'client-close' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['pub', '-l', '-t', 'a', '-q', '1', '-V', '5'], { stdin: 'b\n' }))

    assert.equal(end.exitCode, 6)
    assert.equal(end.error.statement, '[MQTT-3.2.2-4]')
  })
})
