import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { freePort } from '../../support/network/free-port.ts'
import {
  acceptingConnack,
  accepts,
  connackWith,
  endOf,
  grants,
  hexByte,
  messagesIn,
  resumingConnack,
  runAgainst,
  serves,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const message = { 4: '30 04 0001 61 78', 5: '30 05 0001 61 00 78' } as const
const untilGone: Step = { wait: 'client-close' }

describe('a broker that says later', { concurrency: 4 }, () => {
  const rows = [
    [5, 0x88, 'Server unavailable'],
    [5, 0x89, 'Server busy'],
    [5, 0x97, 'Quota exceeded'],
    [5, 0x9f, 'Connection rate exceeded'],
    [4, 3, 'Server unavailable'],
  ] as const
  for (const [version, code, name] of rows) {
    const later: Step[] = [
      ...accepts(version, version === 5 ? connackWith('', hexByte(code)) : `20 02 00 ${hexByte(code)}`),
      untilGone,
    ]
    const named = new RegExp(`0x${hexByte(code)} ${name}`, 'i')

    test(`fault 16: 0x${hexByte(code)} at ${version} is named in each note`, async (t) => {
      const broker = await startScriptedBroker([later, later, serves(version, message[version])])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-C', '1', '-V', String(version)]))

      const [first, second] = end.notes
      assert.match(first?.message ?? '', named)
      assert.match(second?.message ?? '', named)
      assert.deepEqual(messagesIn(end), ['a x'])
    })

    test(`fault 16: 0x${hexByte(code)} at ${version} is named where -W ends it: 27`, async (t) => {
      const broker = await startScriptedBroker([later], { otherwise: later })
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-W', '1.5', '-V', String(version)]))

      assert.equal(end.exitCode, 27)
      assert.match(end.error.message, named)
      assert.equal(end.error.reasonCode, code)
    })
  }
})

describe('what a reconnect tells', { concurrency: 4 }, () => {
  const kept = ['-c', '-i', 'keeper']
  for (const version of [4, 5] as const) {
    const cut: Step[] = [...serves(version), { close: 'fin' }]
    const resumed = (connack: string): Step[] => [
      ...accepts(version, connack),
      ...grants(version, '00', message[version]),
      untilGone,
    ]
    const rows = [
      ['that it worked', [], resumed(acceptingConnack[version]), /^connected again after \d+\.\d s$/],
      ['that the session was kept', kept, resumed(resumingConnack[version]), /connected again.*kept.*“keeper”/],
      ['that the session was lost', kept, resumed(acceptingConnack[version]), /connected again.*lost.*“keeper”/],
    ] as const
    for (const [what, args, again, expected] of rows) {
      test(`${what}, at ${version}`, async (t) => {
        const broker = await startScriptedBroker([cut, again])
        t.after(broker.close)

        const end = await endOf(runAgainst(broker, ['sub', 'a', '-C', '1', '-V', String(version), ...args]))

        assert.equal(end.exitCode, 0)
        assert.match(end.notes.at(-1)?.message ?? '', expected)
      })
    }

    test(`that the broker has no session to take up, at ${version}`, async (t) => {
      const broker = await startScriptedBroker([serves(version, message[version])])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-C', '1', '-V', String(version), ...kept]))

      assert.match(end.notes[0]?.message ?? '', /no session of “keeper”/)
    })
  }
})

describe('a broker that accepts and closes', { concurrency: 4 }, () => {
  test('is given up when the time of --reconnect-for is over, however often it accepts: 5', async (t) => {
    const drops: Step[] = [...accepts(5), { close: 'fin' }]
    const broker = await startScriptedBroker([drops], { otherwise: drops })
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '--reconnect-for', '2']))

    const waited = end.notes.map(({ message }) => Number(/again in (\d+\.\d) s/.exec(message)?.[1] ?? 0))
    assert.equal(end.exitCode, 5)
    assert.ok(waited.reduce((sum, seconds) => sum + seconds, 0) <= 2.2, `waited ${waited}`)
  })

  test('on a packet of ours: the packet is named, and no client id is blamed', async (t) => {
    const drops: Step[] = [...accepts(4), { expect: 'subscribe' }, { close: 'fin' }]
    const broker = await startScriptedBroker([drops], { otherwise: drops })
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '3.1.1', '-i', 'me', '--reconnect-for', '3']))

    assert.equal(end.exitCode, 5)
    assert.match(end.error.message, /SUBSCRIBE/)
    for (const told of [end.error, ...end.notes]) assert.doesNotMatch(JSON.stringify(told), /client id/)
  })

  test('on a publish at QoS 2, as NATS does', async (t) => {
    const drops: Step[] = [...accepts(4), { expect: 'publish' }, { close: 'fin' }]
    const broker = await startScriptedBroker([drops])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '-q', '2', '-V', '3.1.1']))

    assert.equal(end.exitCode, 5)
    assert.match(end.error.message, /PUBLISH at QoS 2/)
    assert.doesNotMatch(JSON.stringify(end.error), /client id/)
  })
})

for (const version of ['3.1.1', '5']) {
  test(`fault 19: two clients with one id are told so at ${version}`, { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    const runs = [0, 1].map(() => runAgainst(broker, ['sub', 'a', '-i', 'twin', '-V', version]))
    t.after(() => runs.map((run) => run.kill('SIGKILL')))

    const told = await Promise.any(
      runs.map((run) => run.whenStderr(/"message":"[^"]*(client id “twin”|Session taken over)/)),
    )

    assert.ok(told)
  })
}

describe('--reconnect-for on the first connect', { concurrency: 4 }, () => {
  const served: Step[] = [...accepts(5), ...grants(5, '00', message[5]), untilGone]
  const takes: Step[] = [...accepts(5), { answer: ({ type }) => (type === 'pingreq' ? 'd0 00' : undefined) }]
  const rows = [
    ['sub', ['sub', 'a', '-C', '1'], served],
    ['pub -l', ['pub', '-l', '-t', 'a'], takes],
    ['one-shot pub', ['pub', 'a', 'x'], takes],
  ] as const
  for (const [what, args, script] of rows) {
    test(`lets ${what} wait for a broker that starts later`, async (t) => {
      const port = await freePort()
      const run = runAgainst(port, [...args, '-V', '5', '--reconnect-for', '60'], { stdin: 'x\n' })
      await run.whenStderr(/trying again/)

      const broker = await startScriptedBroker([script], { port })
      t.after(broker.close)

      assert.equal((await endOf(run)).exitCode, 0)
    })
  }

  test('ends with 3 when nobody comes', async () => {
    const port = await freePort()

    const end = await endOf(runAgainst(port, ['sub', 'a', '--reconnect-for', '1.2']))

    assert.equal(end.exitCode, 3)
    assert.match(end.error.message, /^Tried for \d/)
  })

  const final: ReadonlyArray<readonly [what: string, script: Step[], exitCode: number]> = [
    ['a CONNACK that says later', [...accepts(5, connackWith('', '88')), untilGone], 4],
    ['a session that was cut', [...accepts(5), { expect: 'publish' }, { close: 'rst' }], 5],
  ]
  for (const [what, script, exitCode] of final) {
    test(`one-shot pub does not try again after ${what}: ${exitCode}`, async (t) => {
      const broker = await startScriptedBroker([script])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '-q', '1', '-V', '5', '--reconnect-for', '60']))

      assert.equal(end.exitCode, exitCode)
      assert.equal(broker.unexpected, 0)
    })
  }
})
