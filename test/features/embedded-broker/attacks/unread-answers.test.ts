import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type CliHandle, runCli } from '../../../support/program/run-cli.ts'
import { residentPeakMiB } from './memory.ts'
import { acknowledgement, connect, pingreq, publish, subscribe } from './packets.ts'

/** What the broker may take for a client that sends 16 MB and reads nothing: its buffers, and garbage. */
const allowedMiB = 100
const sentBytes = 16 * 1024 * 1024
const partBytes = 64 * 1024

const floods = [
  ['PINGREQ', pingreq],
  ['PUBREL', acknowledgement(0x62, 7)],
  ['PUBREC', acknowledgement(0x50, 7)],
  ['PUBLISH of QoS 1', publish('a', Buffer.alloc(1), { qos: 1 })],
  ['PUBLISH of QoS 2', publish('a', Buffer.alloc(1), { qos: 2 })],
  ['SUBSCRIBE', subscribe(['a'])],
] as const

let broker: CliHandle
let port: number

describe('fault 48: output holds back input', {
  skip: process.platform !== 'linux' && 'memory is read from /proc',
}, () => {
  before(async () => {
    broker = runCli(['broker', '-p', '0'])
    port = Number((await broker.whenStdout(/:(\d+)\n/))[1])
  })

  after(() => {
    broker.kill('SIGKILL')
  })

  for (const [what, packet] of floods) {
    test(`16 MB of ${what} from a client that reads nothing stay with the client`, async () => {
      const before = residentPeakMiB(broker.child.pid)
      const client = connectTcp({ port, host: '127.0.0.1' })
      client.on('error', () => {})
      await once(client, 'connect')
      client.write(connect('', { version: 5 }))

      const part = Buffer.concat(Array(Math.floor(partBytes / packet.length)).fill(packet))
      for (let sent = 0; sent < sentBytes; sent += part.length) client.write(part)
      await untilSteady(client)

      const grownMiB = residentPeakMiB(broker.child.pid) - before
      assert.ok(grownMiB < allowedMiB, `the broker grew by ${grownMiB} MiB`)
      client.destroy()
    })
  }
})

/** The broker takes no more of it, or has it all. */
async function untilSteady(client: Socket): Promise<void> {
  for (let last = -1; last !== client.writableLength && client.writableLength > 0; ) {
    last = client.writableLength
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
