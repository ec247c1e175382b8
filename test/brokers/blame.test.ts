import assert from 'node:assert/strict'
import { test } from 'node:test'
import { natsMissing, startNats } from '../support/brokers/nats.ts'
import { endOf, runAgainst } from '../support/scripted-broker/broker-steps.ts'

test('NATS closes on a publish at QoS 2: the QoS is blamed, and no client id', { skip: natsMissing }, async (t) => {
  const broker = await startNats()
  t.after(() => broker.stop())

  const oneShot = await endOf(runAgainst(broker.port, ['pub', 'a', 'x', '-q', '2']))
  const lines = ['pub', '-l', '-t', 'a', '-q', '2', '-i', 'me', '--reconnect-for', '2']
  const again = await endOf(runAgainst(broker.port, lines, { stdin: 'x\n' }))

  assert.deepEqual([oneShot.exitCode, again.exitCode], [5, 5])
  for (const told of [oneShot.error, again.error, ...again.notes]) {
    assert.doesNotMatch(JSON.stringify(told), /client id/)
  }
  for (const { message, tries } of [oneShot.error, again.error]) {
    assert.match(message, /PUBLISH at QoS 2/)
    assert.match(tries?.join() ?? '', /lower --qos/)
  }
})
