import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import {
  accepts,
  acknowledges,
  endOf,
  grants,
  runAgainst,
  type Version,
} from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const will = ['--will-topic', 'w', '--will-payload', 'gone', '--leave-will']
const untilGone: Step = { wait: 'client-close' }

describe('--leave-will', { concurrency: 4 }, () => {
  for (const version of [4, 5] as const satisfies readonly Version[]) {
    const expected = version === 5 ? ['connect', 'publish', 'disconnect'] : ['connect', 'publish']

    test(`pub leaves with the will at ${version}`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(version), { expect: 'publish' }, acknowledges('40'), untilGone],
      ])
      t.after(broker.close)

      const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '-q', '1', '-V', String(version), ...will]))

      assert.equal(end.exitCode, 0)
      assert.deepEqual(broker.connections[0]?.receivedTypes, expected)
      if (version === 5) assert.equal(broker.received(0).toString('hex').slice(-8), 'e0020400')
    })

    test(`sub leaves with the will at ${version} when it is stopped`, async (t) => {
      const broker = await startScriptedBroker([[...accepts(version), ...grants(version, '00'), untilGone]])
      t.after(broker.close)
      const run = runAgainst(broker, ['sub', 'a', '-V', String(version), ...will])
      const connection = await broker.connection(0)
      await connection.whenPacket('subscribe')

      run.kill('SIGTERM')
      const end = await endOf(run)

      assert.equal(end.exitCode, 143)
      assert.deepEqual(connection.receivedTypes, ['connect', 'subscribe', ...(version === 5 ? ['disconnect'] : [])])
    })
  }

  for (const version of ['3.1', '3.1.1', '5']) {
    test(`the broker publishes it at ${version}`, { skip: mosquittoMissing() }, async (t) => {
      const broker = await startMosquitto()
      t.after(() => broker.stop())
      const watcher = runAgainst(broker, ['sub', 'w', '-C', '1', '--trace'])
      await watcher.whenStderr(/SUBACK/)

      const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '-V', version, ...will]))

      assert.equal(end.exitCode, 0)
      await watcher.whenStdout(/gone/)
    })
  }
})

describe('pub -W', { concurrency: 4 }, () => {
  const silent: Step[] = [...accepts(5), untilGone]
  const rows: ReadonlyArray<readonly [what: string, args: readonly string[], script: Step[]]> = [
    ['a broker that acknowledges nothing', ['a', 'x', '-q', '1'], silent],
    ['a broker that answers no ping', ['a', 'x'], silent],
    ['a broker that does not answer CONNECT', ['a', 'x'], [untilGone]],
    ['lines that nobody acknowledges', ['-l', '-t', 'a', '-q', '1'], silent],
    ['an input that does not end', ['-s', '-t', 'a'], silent],
    ['lines that do not end', ['-l', '-t', 'a'], silent],
  ]
  for (const [what, args, script] of rows) {
    test(`ends the wait for ${what}: 27`, async (t) => {
      const broker = await startScriptedBroker([script])
      t.after(broker.close)
      const stdin = what.includes('not end') ? 'open' : 'x\n'

      const end = await endOf(runAgainst(broker, ['pub', ...args, '-V', '5', '-k', '0', '-W', '0.7'], { stdin }))

      assert.equal(end.exitCode, 27)
      assert.match(end.error.message, /-W/)
    })
  }

  test('says what stayed unconfirmed', async (t) => {
    const broker = await startScriptedBroker([silent])
    t.after(broker.close)

    // Long enough that the message has left, on a busy machine too.
    const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '-q', '2', '-V', '5', '-W', '4']))

    assert.match(end.error.message, /unconfirmed/)
    assert.deepEqual(end.error.facts, { confirmed: 0, unconfirmed: 1 })
  })
})

test('with -k 0 the last answer is not awaited for ever: 5', async (t) => {
  const broker = await startScriptedBroker([[...accepts(5), { wait: 'client-close' }]])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker, ['pub', 'a', 'x', '-V', '5', '-k', '0']))

  assert.equal(end.exitCode, 5)
  assert.match(end.error.message, /did not answer a PINGREQ/)
})
