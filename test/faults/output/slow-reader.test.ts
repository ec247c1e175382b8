import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { memoryUnknown, peakMegabytes, residentMegabytes } from '../../support/program/process-memory.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { ScriptedConnection, Step } from '../../support/scripted-broker/scripted-connection.ts'

const messageCount = 1_000_000
const writeCount = 2000
/** A payload of 95 bytes and a newline. */
const lineBytes = 96
/** Node's own buffers and a heap that has not been collected yet; the messages are 100 MB. */
const mostMegabytes = 40

/** PUBLISH packets of 100 bytes at MQTT 3.1.1, as one piece. */
function burst(qos: 0 | 1, count: number): Buffer {
  const bytes = Buffer.alloc(count * 100, '.')
  for (let index = 0; index < count; index += 1) {
    bytes.set([qos === 0 ? 0x30 : 0x32, 98, 0, 1, 0x61], index * 100)
    if (qos === 1) bytes.writeUInt16BE(index + 1, index * 100 + 5)
  }
  return bytes
}

const subscription: Step[] = [
  { expect: 'connect' },
  { send: '20020000' },
  { expect: 'subscribe' },
  { send: (last) => Buffer.from([0x90, 3, last[2] ?? 0, last[3] ?? 0, 1]) },
  { answer: (packet) => (packet.type === 'pingreq' ? 'd000' : undefined) },
]

describe('a reader of stdout that stops', { skip: memoryUnknown, concurrency: 2 }, () => {
  test('fault 30: memory stays bounded, the broker is slowed, pings go on, and the session lives', async (t) => {
    const { sub, connection } = await subscribed(t, ['-C', String(messageCount)])
    const before = residentMegabytes(sub.child.pid ?? 0)

    sub.child.stdout.pause()
    for (let sent = 0; sent < messageCount; sent += writeCount) connection.send(burst(0, writeCount))
    const waitingWrites = () => Math.round(connection.wire.socket.writableLength / (writeCount * 100)) // PINGRESP aside
    await unchangedBetweenPings(connection, waitingWrites)
    const isSlowed = waitingWrites() > 0
    const grownMegabytes = peakMegabytes(sub.child.pid ?? 0) - before
    sub.child.stdout.resume()

    assert.ok(isSlowed, 'everything was read')
    assert.ok(grownMegabytes < mostMegabytes, `${Math.round(grownMegabytes)} MB`)
    assert.equal(await sub.exitCode, 0)
    assert.equal((await sub.stdout()).length, messageCount * lineBytes)
    t.diagnostic(`memory grew by ${grownMegabytes.toFixed(1)} MB`)
  })

  test('fault 30: at QoS 1 what the reader has not taken is not acknowledged', async (t) => {
    const count = 20_000
    const { sub, connection } = await subscribed(t, ['-q', '1', '-C', String(count)])
    const acknowledged = () => connection.receivedTypes.filter((type) => type === 'puback').length

    sub.child.stdout.pause()
    connection.send(burst(1, count))
    await unchangedBetweenPings(connection, acknowledged)
    const meanwhile = acknowledged()
    sub.child.stdout.resume()

    assert.ok(meanwhile < count / 2, `${meanwhile} of ${count} were acknowledged`)
    assert.equal(await sub.exitCode, 0)
    assert.equal((await sub.stdout()).length, count * (lineBytes - 2))
    assert.equal(acknowledged(), count)
  })
})

async function subscribed(t: TestContext, more: readonly string[]) {
  const broker = await startScriptedBroker([subscription])
  t.after(broker.close)
  const sub = runCli(['sub', '-V', '4', ...broker.flags, '-t', 'a', '-k', '1', '-W', '60', ...more])
  const connection = await broker.connection(0)
  await connection.whenPacket('subscribe')
  return { sub, connection }
}

/** Resolves when two pings, a keep alive of 1 s apart, find the same: what was on its way has stopped. */
async function unchangedBetweenPings(connection: ScriptedConnection, look: () => number): Promise<void> {
  let last = Number.NaN
  for (let ping = connection.receivedTypes.filter((type) => type === 'pingreq').length + 1; ; ping += 1) {
    await connection.whenPacket('pingreq', ping)
    if (look() === last) return
    last = look()
  }
}
