import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startSlowRelay } from '../../support/network/slow-relay.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { accepts, grants, identifierAt } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const payload = Buffer.alloc(4_000_000, 'x')
const payloadFile = join(temporaryFolder(), 'payload')
writeFileSync(payloadFile, payload)
/** Fifteen seconds for the payload: six times what a keep alive of one second allows a silent peer. */
const bytesPerSecond = 270_000
const keepAlive = ['-k', '1']

/** The identifier of a PUBLISH to `a` whose length takes four bytes. */
const identifierOf = (publish: Buffer) => identifierAt(publish, 8)

describe('a line that is slow, and lives', { concurrency: 4 }, () => {
  for (const qos of [0, 1, 2]) {
    test(`fault 54: carries a large message at QoS ${qos}, whatever the keep alive: 0`, async (t) => {
      const answers: Step = {
        answer: ({ type, bytes }) => {
          if (type === 'pingreq') return 'd0 00'
          if (type === 'publish' && qos > 0) return `${qos === 1 ? '40' : '50'} 02 ${identifierOf(bytes)}`
          return type === 'pubrel' ? `70 02 ${identifierAt(bytes, 2)}` : undefined
        },
      }
      const broker = await startScriptedBroker([[...accepts(5), answers]])
      const relay = await startSlowRelay(broker, 'client', bytesPerSecond)
      t.after(broker.close)
      t.after(relay.close)

      const run = runCli([
        'pub',
        ...relay.flags,
        '-t',
        'a',
        '-f',
        payloadFile,
        '-q',
        String(qos),
        '-V',
        '5',
        ...keepAlive,
      ])

      assert.equal(await run.exitCode, 0, await run.stderr())
      const [publish] = broker.connections[0]?.packets.filter(({ type }) => type === 'publish') ?? []
      assert.equal(publish?.bytes.subarray(-payload.length).equals(payload), true)
    })
  }

  test('fault 54: brings a large message, whatever the keep alive', async (t) => {
    const publish = Buffer.concat([Buffer.from('308492f40100016100', 'hex'), payload])
    const broker = await startScriptedBroker([
      [...accepts(5), ...grants(5, '00'), { send: publish }, { answer: () => undefined }],
    ])
    const relay = await startSlowRelay(broker, 'server', bytesPerSecond)
    t.after(broker.close)
    t.after(relay.close)

    const run = runCli([
      'sub',
      ...relay.flags,
      '-t',
      'a',
      '-N',
      '-C',
      '1',
      '-V',
      '5',
      '--reconnect-for',
      '0',
      ...keepAlive,
    ])

    assert.equal(await run.exitCode, 0, await run.stderr())
    assert.equal((await run.stdout()).equals(payload), true)
  })

  test('fault 7: that hardly moves is found, and how much did not leave is said: 5', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { answer: () => undefined }]])
    const relay = await startSlowRelay(broker, 'client', 2000)
    t.after(broker.close)
    t.after(relay.close)
    const args = ['-t', 'a', '-f', payloadFile, '-V', '5', '--json', ...keepAlive]

    const run = runCli(['pub', ...relay.flags, ...args])

    assert.equal(await run.exitCode, 5)
    const { message, facts } = JSON.parse(await run.stderr())
    assert.match(message, /did not answer a PINGREQ: of 4,000,\d{3} bytes written, [\d,]+ have not left/)
    assert.ok(facts.unsentBytes > 1_000_000 && facts.unsentBytes < facts.writtenBytes, JSON.stringify(facts))
  })
})
