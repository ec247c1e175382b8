import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepts, endOf, identifierAt, runAgainst, suback } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const nine = Array.from({ length: 9 }, (_, index) => `a/${index}`)

/** SUBACK for so many filters. */
function grants(version: 4 | 5, count: number, then = ''): Step[] {
  const codes = '00'.repeat(count)
  return [{ expect: 'subscribe' }, { send: (packet) => suback(version, identifierAt(packet, 2), codes) + then }]
}

for (const version of [4, 5] as const) {
  const name = version === 5 ? '5' : '3.1.1'

  test(`a broker that closes on nine filters at ${name} has the cause named, and what helps`, async (t) => {
    const broker = await startScriptedBroker([[...accepts(version), { expect: 'subscribe' }, { close: 'fin' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', ...nine, '--reconnect-for', '0', '-V', String(version)]))

    assert.equal(end.exitCode, 5)
    assert.match(end.error.message, /SUBSCRIBE with 9 topic filters/)
    assert.match(JSON.stringify(end.error), /--filters-per-subscribe 8/)
  })

  test(`--filters-per-subscribe 8 asks for them in two packets at ${name}`, async (t) => {
    const message = version === 5 ? '30 05 0001 61 00 78' : '30 04 0001 61 78'
    const script: Step[] = [...accepts(version), ...grants(version, 8), ...grants(version, 1, message)]
    const broker = await startScriptedBroker([[...script, { wait: 'client-close' }]])
    t.after(broker.close)
    const args = ['sub', ...nine, '-C', '1', '-V', String(version), '--filters-per-subscribe', '8']

    const end = await endOf(runAgainst(broker, args))

    assert.equal(end.exitCode, 0, end.error.message)
    assert.match(end.stdout, /"payload":"x"/)
  })
}

test('filters that overlap are noted, once, and not below MQTT 5', async (t) => {
  for (const [version, count] of [
    [5, 1],
    [4, 0],
  ] as const) {
    const broker = await startScriptedBroker([[...accepts(version), ...grants(version, 2), { wait: 'client-close' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['sub', 'home/#', 'home/+', '-E', '-V', String(version)]))

    assert.equal(end.notes.filter(({ message }) => /home\/# and home\/\+ overlap/.test(message)).length, count)
  }
})
