import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accepts, endOf, grants, messagesIn, runAgainst } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const message = { 4: '30 04 0001 61 78', 5: '30 05 0001 61 00 78' }

describe('SUBACK that refuses', { concurrency: 2 }, () => {
  for (const [version, code, reasonName] of [
    [5, '87', 'Not authorized'],
    [4, '80', 'Failure'],
  ] as const) {
    const at = version === 5 ? '5' : '3.1.1'

    test(`fault 14: some filters at ${at}: each is named, and the others serve`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(version), ...grants(version, `00 ${code} 00`, message[version])],
      ])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', 'b/+', 'c', '-V', String(version), '-C', '1']))

      assert.equal(end.exitCode, 0)
      assert.equal(end.notes.length, 1)
      assert.match(end.notes[0]?.message ?? '', /b\/\+/)
      assert.match(end.notes[0]?.message ?? '', new RegExp(reasonName))
      assert.deepEqual(messagesIn(end), ['a x'])
    })

    test(`fault 14: all filters at ${at}: 4, each is named, and DISCONNECT is said`, async (t) => {
      const script: Step[] = [...accepts(version), ...grants(version, `${code} ${code}`), { expect: 'disconnect' }]
      const broker = await startScriptedBroker([script])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', 'b/+', '-V', String(version)]))

      assert.equal(end.exitCode, 4)
      assert.deepEqual([end.error.reasonCode, end.error.reasonName], [Number(`0x${code}`), reasonName])
      assert.match(end.error.message, /a, b\/\+/)
      await broker.connections[0]?.scriptDone
    })

    test(`fault 14: all filters after a reconnect at ${at}: 4 as well`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(version), ...grants(version, '00'), { close: 'fin' }],
        [...accepts(version), ...grants(version, code), { wait: 'client-close' }],
      ])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', String(version)]))

      assert.equal(end.exitCode, 4)
    })
  }
})

describe('SUBACK that cannot be', { concurrency: 2 }, () => {
  const rows: ReadonlyArray<readonly [what: string, version: 4 | 5, answer: Step, rule: string]> = [
    ['one code for two filters', 5, { send: '90 04 ff9c 00 00' }, '[MQTT-3.8.4-6]'],
    ['one code for two filters', 4, { send: '90 03 ff9c 00' }, '[MQTT-3.1.1:3.8.4-5]'],
    ['three codes for two filters', 5, { send: '90 06 ff9c 00 00 00 00' }, '[MQTT-3.8.4-6]'],
    ['UNSUBACK instead', 5, { send: 'b0 05 ff9c 00 00 00' }, '[MQTT-3.10.4-5]'],
  ]
  for (const [what, version, answer, rule] of rows) {
    test(`fault 14: ${what} at ${version === 5 ? '5' : '3.1.1'} is ${rule}, and 6`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(version), { expect: 'subscribe' }, answer, { wait: 'client-close' }],
      ])
      t.after(broker.close)

      const run = runAgainst(broker, ['sub', 'a', 'b', '-V', String(version)], { timeLimitMs: 15_000 })
      const end = await endOf(run)

      assert.equal(end.exitCode, 6)
      assert.deepEqual([end.error.statement, end.error.reasonCode], [rule, 0x82])
      const subscribe = broker.connections[0]?.packets[1]?.bytes
      assert.equal(subscribe?.toString('hex', 2, 4), 'ff9c') // the identifier that the rows suppose: 65,436
    })
  }
})

describe('SUBACK that does not come', { concurrency: 2 }, () => {
  test('fault 14: -W ends the wait with 27, and DISCONNECT is said', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { expect: 'subscribe' }, { expect: 'disconnect' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'a', '-V', '5', '-W', '1'], { timeLimitMs: 15_000 }))

    assert.equal(end.exitCode, 27)
    await broker.connections[0]?.scriptDone
  })

  test('fault 14: SIGINT ends the wait with 130, and DISCONNECT is said', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { expect: 'subscribe' }, { expect: 'disconnect' }]])
    t.after(broker.close)

    const run = runAgainst(broker, ['sub', 'a', '-V', '5'], { timeLimitMs: 15_000 })
    await (await broker.connection(0)).whenPacket('subscribe')
    run.kill('SIGINT')

    assert.equal(await run.exitCode, 130)
    await broker.connections[0]?.scriptDone
  })
})
