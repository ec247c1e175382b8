import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepts, endOf, runAgainst } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const silent: Step[] = [{ expect: 'connect' }, { wait: 'client-close' }]
const message = '30 04 0001 61 78'

/** SUBACK of 3.1.1 and a message, and then what is given. */
function serves311(...then: readonly Step[]): Step[] {
  const suback: Step = { send: (subscribe) => `90 03 ${subscribe.toString('hex', 2, 4)} 00 ${message}` }
  return [...accepts(4), { expect: 'subscribe' }, suback, ...then]
}

test('an old broker that meets MQTT 5 with silence is used at 3.1.1, which is noted', async (t) => {
  const broker = await startScriptedBroker([silent, serves311()])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['sub', 'a', '-C', '1', '--connect-timeout', '2']))

  assert.equal(end.exitCode, 0, end.error.message)
  assert.match(end.stdout, /"payload":"x"/)
  assert.match(end.notes[0]?.message ?? '', /no answer to MQTT 5 within \d(\.\d)? s: this is MQTT 3\.1\.1/)
})

test('a reconnect after that tries MQTT 5 again', async (t) => {
  const broker = await startScriptedBroker([silent, serves311({ close: 'fin' }), silent, serves311()])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['sub', 'a', '-C', '2', '--connect-timeout', '2']))

  assert.equal(end.exitCode, 0, end.error.message)
  const levels = broker.connections.map(({ packets }) => packets[0]?.bytes[8])
  assert.deepEqual(levels, [5, 4, 5, 4])
})

test('where every version is met with silence the error says what was tried, and what would help: 3', async (t) => {
  const broker = await startScriptedBroker([silent, silent, silent])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '--connect-timeout', '1']))

  assert.equal(end.exitCode, 3)
  assert.match(end.error.message, /MQTT 5: .*MQTT 3\.1\.1: .*MQTT 3\.1: /)
  assert.match(JSON.stringify(end.error), /-V 3\.1\.1 or -V 3\.1 /)
})
