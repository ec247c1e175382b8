import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accepts,
  endOf,
  identifierAt,
  publishIdentifier,
  runAgainst,
  type Version,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

/** SUBACK with the flags of SUBSCRIBE, as some brokers send it: 0x92. */
function suback92(version: Version): Step[] {
  const rest = version === 5 ? '00 00' : '00'
  const length = version === 5 ? '04' : '03'
  const message = version === 5 ? '30 05 0001 61 00 78' : '30 04 0001 61 78'
  return [
    { expect: 'subscribe' },
    { send: (subscribe) => `92 ${length} ${identifierAt(subscribe, 2)} ${rest} ${message}` },
  ]
}

const rules = { 5: '[MQTT-2.1.3-1]', 4: '[MQTT-3.1.1:2.2.2-2]' } as const

describe('a broker that sets reserved flags', { concurrency: 2 }, () => {
  for (const version of [4, 5] as const) {
    const script: Step[] = [...accepts(version), ...suback92(version), { wait: 'client-close' }]

    test(`at ${version} ends sub with 6, and the error says what lets them pass`, async (t) => {
      const broker = await startScriptedBroker([script])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '-C', '1', '-V', String(version)]))

      assert.deepEqual([end.exitCode, end.error.statement, end.stdout], [6, rules[version], ''])
      assert.match(JSON.stringify(end.error), /--lenient flags/)
    })

    test(`at ${version} is noted by sub --lenient flags, which goes on`, async (t) => {
      const broker = await startScriptedBroker([script])
      t.after(broker.close)
      const args = ['sub', 'a', '-C', '1', '-V', String(version), '--lenient', 'flags']

      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 0, end.error.message)
      assert.match(end.notes[0]?.message ?? '', /SUBACK: .*flags are 2 and must be 0/)
      assert.match(end.stdout, /"payload":"x"/)
    })

    test(`at ${version} is read on by inspect, which tells it as a finding`, async (t) => {
      const broker = await startScriptedBroker([script])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['inspect', 'a', '-C', '1', '-V', String(version)]))

      assert.equal(end.exitCode, 0, end.error.message)
      const records = end.stdout.split('\n').filter((line) => line !== '')
      const suback = records.map((line) => JSON.parse(line)).find(({ violations }) => violations?.length > 0)
      assert.equal(suback.violations[0].rule, rules[version])
      assert.match(end.stdout, /"type":"publish"/)
    })

    test(`at ${version} is noted by pub -q 1 --lenient flags: PUBACK 0x42 confirms`, async (t) => {
      const puback: Step = { send: (publish) => `42 02 ${publishIdentifier(publish)}` }
      const broker = await startScriptedBroker([[...accepts(version), { expect: 'publish' }, puback]])
      t.after(broker.close)
      const args = ['pub', 'a', 'x', '-q', '1', '-V', String(version), '--lenient', 'flags']

      const end = await endOf(runAgainst(broker, args))

      assert.equal(end.exitCode, 0, end.error.message)
      assert.match(end.notes[0]?.message ?? '', /PUBACK: .*flags are 2 and must be 0/)
    })
  }

  test('goes on in a trace too', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), ...suback92(5), { wait: 'client-close' }]])
    t.after(broker.close)
    const args = ['sub', 'a', '-C', '1', '-V', '5', '--lenient', 'flags', '--trace=json']

    const run = runAgainst(broker, args)
    await run.exitCode

    assert.match(await run.stderr(), /MQTT-2\.1\.3-1[\s\S]*"type":"publish"/)
  })

  test('cannot be let pass by another word', async () => {
    const end = await endOf(runAgainst(1, ['sub', 'a', '--lenient', 'everything']))

    assert.equal(end.exitCode, 2)
  })
})
