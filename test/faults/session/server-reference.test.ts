import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accepts, connackWith, endOf, hexByte, runAgainst } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const elsewhere = 'other.example'
/** Server Reference, 0x1C, of 13 bytes. */
const serverReference = `1c 00 0d ${Buffer.from(elsewhere).toString('hex')}`

describe('CONNACK that names another server', { concurrency: 4 }, () => {
  const rows = [
    [0x9c, 'Use another server'],
    [0x9d, 'Server moved'],
  ] as const
  for (const [code, name] of rows) {
    for (const command of [
      ['sub', 'a'],
      ['pub', 'a', 'b'],
      ['inspect', 'a'],
    ]) {
      test(`fault 17: 0x${hexByte(code)} to ${command[0]}: the Server Reference is said and not followed: 4`, async (t) => {
        const broker = await startScriptedBroker([
          [...accepts(5, connackWith(serverReference, hexByte(code))), { wait: 'client-close' }],
        ])
        t.after(broker.close)

        const end = await endOf(runAgainst(broker, [...command, '-V', '5']))

        assert.equal(end.exitCode, 4)
        assert.equal(end.error.reasonCode, code)
        assert.equal(end.error.reasonName, name)
        assert.equal(end.error.facts?.serverReference, elsewhere)
        assert.equal(broker.connections.length, 1)
      })
    }
  }
})
