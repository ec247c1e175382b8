import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { packetIdOf } from '../../support/messages/publisher-account.ts'
import { memoryUnknown, peakMegabytes, residentMegabytes } from '../../support/program/process-memory.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const mostMegabytes = 32
const linesInMegabyte = 1024
const megabyte = Buffer.from(`${'.'.repeat(1023)}\n`.repeat(linesInMegabyte))
const megabytes = 64

describe('a broker that stops reading, and a fast stdin', { skip: memoryUnknown, concurrency: 2 }, () => {
  for (const qos of [0, 1] as const) {
    test(`fault 31: QoS ${qos}: stdin is paused, and memory grows by less than 32 MB`, async (t) => {
      const { pub, connection } = await publishing(t, qos)
      const before = residentMegabytes(pub.child.pid ?? 0)
      const { stdin } = pub.child

      connection.wire.socket.pause()
      for (let count = 0; count < megabytes; count += 1) stdin.write(megabyte)
      await unchanged(() => stdin.writableLength)
      const waitingMegabytes = stdin.writableLength / megabyte.length
      const grownMegabytes = peakMegabytes(pub.child.pid ?? 0) - before
      connection.wire.socket.resume()
      stdin.end()

      assert.ok(waitingMegabytes > megabytes / 2, `${waitingMegabytes} MB wait outside`)
      assert.ok(grownMegabytes < mostMegabytes, `${grownMegabytes.toFixed(1)} MB`)
      assert.equal(await pub.exitCode, 0)
      assert.equal(
        connection.receivedTypes.filter((type) => type === 'publish').length,
        1 + megabytes * linesInMegabyte,
      )
      t.diagnostic(`memory grew by ${grownMegabytes.toFixed(1)} MB`)
    })
  }
})

/** Resolves when half a second brings nothing: the other side is a process of its own, and says nothing of a pause. */
async function unchanged(look: () => number): Promise<void> {
  for (let last = Number.NaN; look() !== last; ) {
    last = look()
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function publishing(t: TestContext, qos: 0 | 1) {
  const broker = await startScriptedBroker([
    [
      { expect: 'connect' },
      { send: '20020000' },
      {
        answer: (packet) => {
          if (packet.type === 'pingreq') return 'd000'
          if (qos === 0 || packet.type !== 'publish') return undefined
          const id = packetIdOf(packet)
          return Buffer.from([0x40, 2, id >> 8, id & 0xff])
        },
      },
    ],
  ])
  t.after(broker.close)
  const args = ['pub', '-l', '-V', '4', ...broker.flags, '-t', 'a', '-q', String(qos), '-k', '0']
  const pub = runCli(args, { stdin: 'open' })
  const connection = await broker.connection(0)
  pub.child.stdin.write('first\n')
  await connection.whenPacket('publish')
  return { pub, connection }
}
