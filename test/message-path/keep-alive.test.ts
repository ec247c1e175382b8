import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { accepts, grants, pingresp } from '../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../support/scripted-broker/scripted-broker.ts'
import type { ScriptedConnection } from '../support/scripted-broker/scripted-connection.ts'

/** 3,000 messages of QoS 0 at MQTT 3.1.1, 22 bytes each. */
const burst = Buffer.from('301400016161616161616161616161616161616161616161'.slice(0, 44).repeat(3000), 'hex')
const pingCount = 3

describe('a keep alive of a second', { concurrency: 3 }, () => {
  test('is kept by sub while messages never stop: pings go out, and their answers are found in the flood', async (t) => {
    const broker = await startScriptedBroker([
      [
        ...accepts(4),
        ...grants(4, '00'),
        { run: floodUntilPinged },
        { answer: ({ type }) => (type === 'pingreq' ? pingresp : undefined) },
      ],
    ])
    t.after(broker.close)
    const sub = runCli(['sub', '-V', '4', ...broker.flags, '-t', 'a', '-k', '1'])
    sub.child.stdout.resume()
    const connection = await broker.connection(0)

    await connection.whenPacket('pingreq', pingCount + 1)
    sub.kill('SIGINT')

    assert.deepEqual([await sub.exitCode, await sub.stderr()], [130, ''])
    assert.equal(broker.unexpected, 0)
    assert.equal(connection.receivedTypes.at(-1), 'disconnect')
  })

  test('is kept by pub -l while lines never stop', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    const args = ['pub', '-l', ...broker.flags, '-t', 'a', '-q', '1', '-k', '1']
    const pub = runCli(args, { stdin: 'open' })
    const line = Buffer.from(`${'x'.repeat(99)}\n`.repeat(200))

    // Two and a half times what mosquitto gives a client that is silent.
    for (const until = performance.now() + 3750; performance.now() < until; ) {
      if (!pub.child.stdin.write(line)) await new Promise((resolve) => pub.child.stdin.once('drain', resolve))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    pub.child.stdin.end()

    assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
  })

  test('is kept by a sub that waits', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(() => broker.stop())
    const sub = runCli(['sub', ...broker.flags, '-t', 'a', '-k', '1', '-W', '4', '--trace'])

    assert.equal(await sub.exitCode, 27)
    assert.ok((await sub.stderr()).split('PINGRESP').length > pingCount)
  })
})

/** Writes and writes, as fast as the client takes it, and answers its pings in between. */
async function floodUntilPinged(connection: ScriptedConnection): Promise<void> {
  const { socket } = connection.wire
  const pings = () => connection.receivedTypes.filter((type) => type === 'pingreq').length
  for (let answered = 0; answered < pingCount; ) {
    connection.send(burst)
    for (; answered < pings(); answered += 1) connection.send(pingresp)
    if (socket.writableNeedDrain) await new Promise((resolve) => socket.once('drain', resolve))
    else await new Promise((resolve) => setImmediate(resolve))
  }
}
