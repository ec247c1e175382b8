import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { endOf, runAgainst } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

/** What a server of another protocol greets with, or answers a CONNECT with, and whether the port is simply the wrong one. */
const greetings: ReadonlyArray<readonly [what: string, greeting: string, exitCode: number]> = [
  ['SMTP', '220 mail.example ESMTP\r\n', 6],
  ['POP3', '+OK ready\r\n', 6],
  ['IMAP', '* OK IMAP4rev1\r\n', 6],
  ['FTP, half a greeting', '22', 6],
  ['Redis', '-ERR unknown command\r\n', 6],
  ['MySQL', 'J\0\0\0\n8.0.36\0', 6],
  ['nothing known', '\x00\x01\x02\x03', 6],
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 3],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 3],
]

describe('a port where nobody speaks MQTT', { concurrency: 3 }, () => {
  for (const [what, greeting, exitCode] of greetings) {
    test(`${what}: ${exitCode} at once, though the connection stays open`, async (t) => {
      const broker = await startScriptedBroker([[{ send: Buffer.from(greeting, 'latin1') }, { wait: 'client-close' }]])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['sub', 'a', '--connect-timeout', '50']))

      assert.equal(end.exitCode, exitCode)
      assert.equal(broker.connections.length, 1)
    })
  }

  test('the text that came is in the error, with the statement', async (t) => {
    const broker = await startScriptedBroker([
      [{ send: Buffer.from('220 mail\x1b[31m ESMTP\r\n') }, { wait: 'client-close' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['inspect', 'a', '-V', '311']))

    assert.equal(end.error.statement, '[MQTT-3.1.1:3.2.0-1]')
    assert.match(end.error.message, /0x32323020/)
    assert.doesNotMatch(end.error.message, /\x1b/)
  })
})
