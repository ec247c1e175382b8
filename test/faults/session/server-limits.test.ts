import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accepts,
  acknowledges,
  connackWith,
  endOf,
  runAgainst,
  serves,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { ScriptedConnection, Step } from '../../support/scripted-broker/scripted-connection.ts'

describe('Server Keep Alive of 1 s', { concurrency: 2 }, () => {
  for (const own of ['0', '60']) {
    test(`fault 20: is obeyed with a keep alive of ${own} of our own [MQTT-3.2.2-21]`, async (t) => {
      const script: Step[] = [
        ...accepts(5, connackWith('13 0001')),
        { expect: 'subscribe' },
        { send: '90 04 ff9c 00 00' },
        { expect: 'pingreq' },
        { send: 'd0 00' },
        { expect: 'pingreq' },
        { send: 'd0 00 30 05 0001 61 00 78' },
      ]
      const broker = await startScriptedBroker([script])
      t.after(broker.close)
      const startMs = performance.now()

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '-k', own, '-C', '1']))

      assert.equal(end.exitCode, 0)
      await broker.connections[0]?.scriptDone
      assert.ok(performance.now() - startMs > 1900) // two keep alives, and not a ping for its own sake
    })
  }

  test('fault 20: a server that goes silent is found by it, though we asked for none: 5', async (t) => {
    const broker = await startScriptedBroker([
      [...accepts(5, connackWith('13 0001')), { expect: 'publish' }, { wait: 'client-close' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['pub', 'a', 'b', '-q', '1', '-V', '5', '-k', '0']))

    assert.equal(end.exitCode, 5)
    assert.equal(end.error.layer, 'keep alive')
    assert.equal(end.error.facts?.unconfirmed, 1)
  })
})

/** The client answers this with PUBREL: what it had to send before has come when that comes. */
const nudge: Step[] = [{ send: '50 02 f000' }, { skipTo: 'pubrel' }]

describe('Receive Maximum', { concurrency: 2 }, () => {
  const linesOf = (count: number) => Array.from({ length: count }, (_, index) => `${index}\n`).join('')
  const publishes = (connection: ScriptedConnection) =>
    connection.packets.filter(({ type }) => type === 'publish').length

  for (const [maximum, properties] of [
    [1, '21 0001'],
    [2, '21 0002'],
    [20, '21 0014'],
  ] as const) {
    test(`fault 21: ${maximum} at QoS 1: so many lines are in flight, and not one more [MQTT-4.9.0-2]`, async (t) => {
      const seen: number[] = []
      const count: Step = { run: (connection) => void seen.push(publishes(connection)) }
      const first = Array.from({ length: maximum }, (): Step => ({ expect: 'publish' }))
      const broker = await startScriptedBroker([
        [
          ...accepts(5, connackWith(properties)),
          ...first,
          ...nudge,
          count,
          { send: '40 02 0001' },
          { expect: 'publish' },
          ...nudge,
          count,
          { close: 'fin' },
        ],
      ])
      t.after(broker.close)
      const args = ['pub', '-l', '-t', 'a', '-q', '1', '-V', '5', '--reconnect-for', '0']

      const end = await endOf(runAgainst(broker, args, { stdin: linesOf(40) }))

      await broker.connections[0]?.scriptDone
      assert.deepEqual(seen, [maximum, maximum + 1])
      assert.equal(end.exitCode, 5)
      assert.equal(end.error.facts?.unconfirmedLines, maximum === 1 ? '2' : `2-${maximum + 1}`)
    })
  }

  test('fault 21: at QoS 2 the place is free with PUBCOMP, not before [MQTT-4.9.0-1]', async (t) => {
    const seen: number[] = []
    const count: Step = { run: (connection) => void seen.push(publishes(connection)) }
    const broker = await startScriptedBroker([
      [
        ...accepts(5, connackWith('21 0001')),
        { expect: 'publish' },
        acknowledges('50'),
        { expect: 'pubrel' },
        ...nudge,
        count,
        { send: '70 02 0001' },
        { expect: 'publish' },
        acknowledges('50', '87'), // refused: free at once
        { expect: 'publish' },
        acknowledges('50'),
        { expect: 'pubrel' },
        { send: '70 02 0003' },
        { expect: 'disconnect' },
      ],
    ])
    t.after(broker.close)

    const args = ['pub', '-l', '-t', 'a', '-q', '2', '-V', '5']
    const end = await endOf(runAgainst(broker, args, { stdin: linesOf(3) }))

    await broker.connections[0]?.scriptDone
    assert.deepEqual(seen, [1])
    assert.equal(end.exitCode, 4)
    assert.deepEqual(end.error.facts, { topic: 'a', refused: 1, confirmed: 2, firstLine: 2 })
  })
})

describe('what the broker does not take', { concurrency: 2 }, () => {
  const long = 'x'.repeat(100)
  const rows: ReadonlyArray<readonly [what: string, limits: string, args: readonly string[], rule: string]> = [
    ['QoS 2 above Maximum QoS 1', '24 01', ['-q', '2'], '[MQTT-3.2.2-11]'],
    ['QoS 1 above Maximum QoS 0', '24 00', ['-q', '1'], '[MQTT-3.2.2-11]'],
    ['retain where it is not available', '25 00', ['-r', '-q', '1'], '[MQTT-3.2.2-14]'],
    ['an alias where none is allowed', '', ['-D', 'publish', 'topic-alias', '1'], '[MQTT-3.2.2-18]'],
    ['an alias above the maximum', '22 0001', ['-D', 'publish', 'topic-alias', '2'], '[MQTT-3.2.2-17]'],
    ['a topic larger than any packet', '27 00000028', ['-t', long, '-q', '1'], '[MQTT-3.2.2-15]'],
    ['a packet above Maximum Packet Size', '27 00000028', ['-m', long, '-q', '1'], '[MQTT-3.2.2-15]'],
  ]
  for (const [what, limits, args, rule] of rows) {
    test(`fault 21: ${what} is refused before it is sent, with a clean end: 4 ${rule}`, async (t) => {
      const broker = await startScriptedBroker([[...accepts(5, connackWith(limits)), { wait: 'client-close' }]])
      t.after(broker.close)
      const rest = args.includes('-t') ? [] : ['-t', 'a']
      const message = args.includes('-m') ? [] : ['-m', 'b']

      const end = await endOf(runAgainst(broker, ['pub', ...args, ...rest, ...message, '-V', '5']))

      assert.equal(end.exitCode, 4)
      assert.equal(end.error.statement, rule)
      // A connection that ends without DISCONNECT would bring out the will.
      assert.deepEqual(broker.connections[0]?.receivedTypes, ['connect', 'disconnect'])
    })
  }

  test('fault 21: a line that is too large is left out and named, the others go: 4', async (t) => {
    const script: Step[] = [
      ...accepts(5, connackWith('27 00000028')),
      { expect: 'publish' },
      acknowledges('40'),
      { expect: 'publish' },
      acknowledges('40'),
      { expect: 'disconnect' },
    ]
    const broker = await startScriptedBroker([script])
    t.after(broker.close)
    const args = ['pub', '-l', '-t', 'a', '-q', '1', '-M', '1', '-V', '5']

    const end = await endOf(runAgainst(broker, args, { stdin: `x\n${long}\ny\n` }))

    assert.equal(end.exitCode, 4)
    assert.equal(end.error.statement, '[MQTT-3.2.2-15]')
    assert.match(end.error.message, /number 2/)
    await broker.connections[0]?.scriptDone
  })

  test('fault 21: a limit that comes with a reconnect holds from there on', async (t) => {
    const broker = await startScriptedBroker([
      [...accepts(5), { expect: 'publish' }, { close: 'fin' }],
      [...accepts(5, connackWith('24 00')), { expect: 'disconnect' }],
    ])
    t.after(broker.close)

    const args = ['pub', '-l', '-t', 'a', '-q', '1', '-V', '5']
    const end = await endOf(runAgainst(broker, args, { stdin: 'x\n' }))

    assert.equal(end.exitCode, 4)
    assert.equal(end.error.facts?.unconfirmedLines, '1')
    await broker.connections[1]?.scriptDone
  })

  test('fault 21: a message in flight that a new Maximum Packet Size forbids is not sent again: 4, and named', async (t) => {
    const resumed = connackWith('27 00000028').replace('20 08 00', '20 08 01')
    const broker = await startScriptedBroker([
      [...accepts(5), { expect: 'publish' }, { expect: 'publish' }, { close: 'fin' }],
      [...accepts(5, resumed), { expect: 'disconnect' }],
    ])
    t.after(broker.close)

    const args = ['pub', '-l', '-t', 'a', '-q', '1', '-V', '5']
    const end = await endOf(runAgainst(broker, args, { stdin: `x\n${long}\n` }))

    assert.equal(end.exitCode, 4)
    assert.equal(end.error.statement, '[MQTT-3.2.2-15]')
    assert.equal(end.error.facts?.unconfirmedLines, '1-2')
    await broker.connections[1]?.scriptDone
  })

  test('fault 21: Receive Maximum 65,535 and every limit at its widest takes what it is given', async (t) => {
    const script = serves(5).slice(0, 1)
    const broker = await startScriptedBroker([
      [
        ...script,
        { send: connackWith('21 ffff 24 01 25 01 27 ffffffff 22 0001') },
        { expect: 'publish' },
        acknowledges('40'),
        { expect: 'disconnect' },
      ],
    ])
    t.after(broker.close)

    const args = ['pub', 'a', 'b', '-q', '1', '-r', '-V', '5', '-D', 'publish', 'topic-alias', '1']
    const end = await endOf(runAgainst(broker, args))

    assert.equal(end.exitCode, 0)
    await broker.connections[0]?.scriptDone
  })
})

describe('subscriptions that the server does not have', { concurrency: 2 }, () => {
  for (const [property, byte, args] of [
    ['Wildcard Subscription Available', '28', ['a/#']],
    ['Wildcard Subscription Available', '28', ['plain', 'a/+/b']],
    ['Shared Subscription Available', '2a', ['$share/group/a']],
    ['Subscription Identifiers Available', '29', ['a', '-D', 'subscribe', 'subscription-identifier', '7']],
  ] as const) {
    for (const command of ['sub', 'inspect']) {
      test(`fault 21: ${command} ${args.join(' ')} where ${property} is 0: refused before it is sent, 4`, async (t) => {
        const broker = await startScriptedBroker([[...accepts(5, connackWith(`${byte} 00`)), { expect: 'disconnect' }]])
        t.after(broker.close)

        const end = await endOf(runAgainst(broker, [command, '-V', '5', ...args]))

        assert.equal(end.exitCode, 4)
        assert.match(end.error.message, new RegExp(property))
        await broker.connections[0]?.scriptDone
      })
    }
  }

  test('fault 21: what it has is subscribed to', async (t) => {
    const all = '28 00 29 00 2a 00'
    const broker = await startScriptedBroker([serves(5, '30 05 0001 61 00 78').with(1, { send: connackWith(all) })])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', '-V', '5', 'a', '-C', '1']))

    assert.equal(end.exitCode, 0)
  })
})
