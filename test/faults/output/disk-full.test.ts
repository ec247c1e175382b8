import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { packetIdOf } from '../../support/messages/publisher-account.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { type ScriptedBroker, startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const acknowledgements = { 1: 'puback', 2: 'pubrec' } as const

/** 100 bytes a line. */
function message(qos: 1 | 2, packetId: number): Buffer {
  const payload = String(packetId).padEnd(99, '.')
  return Buffer.concat([
    Buffer.from([qos === 1 ? 0x32 : 0x34, 104, 0, 1, 0x61, packetId >> 8, packetId & 0xff]),
    Buffer.from(payload),
  ])
}

/** Sends all of them to the subscriber, one write each. */
function subscription(qos: 1 | 2, count: number): Step[] {
  return [
    { expect: 'connect' },
    { send: '20020000' },
    { expect: 'subscribe' },
    { send: (last) => Buffer.from([0x90, 3, last[2] ?? 0, last[3] ?? 0, qos]) },
    {
      run: (connection) => {
        for (let packetId = 1; packetId <= count; packetId += 1) connection.send(message(qos, packetId))
      },
    },
    {
      answer: (packet) => {
        const id = packet.type === 'pubrec' ? packetIdOf(packet) : 0
        return id === 0 ? undefined : Buffer.from([0x62, 2, id >> 8, id & 0xff])
      },
    },
  ]
}

/** A subscriber whose stdout is that file. */
function subscriberTo(file: string, broker: ScriptedBroker, ...more: readonly string[]) {
  const shell: [string, ...string[]] = ['sh', '-c', 'out=$1; shift; exec "$@" > "$out"', 'sh', file]
  const args = ['sub', '-V', '4', ...broker.flags, '-t', 'a', ...more]
  return runCli(args, { program: [...shell, process.execPath, program] })
}

async function brokerOf(t: TestContext, qos: 1 | 2, count: number): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker([subscription(qos, count)])
  t.after(broker.close)
  return broker
}

describe('a full disk', { concurrency: 4 }, () => {
  for (const qos of [1, 2] as const) {
    test(`fault 29: QoS ${qos} to /dev/full: 7, said in a sentence, and nothing is acknowledged`, {
      skip: existsSync('/dev/full') ? undefined : 'there is no /dev/full here',
    }, async (t) => {
      const broker = await brokerOf(t, qos, 1)

      const sub = subscriberTo('/dev/full', broker, '-q', String(qos))

      assert.equal(await sub.exitCode, 7)
      assert.match(await sub.stderr(), /error: stdout could not be written: the disk is full/)
      const types = broker.connections[0]?.receivedTypes ?? []
      assert.ok(!types.includes(acknowledgements[qos]), types.join(' '))
    })
  }

  test('fault 29: with --json the error is one line that says local-io', async (t) => {
    const broker = await brokerOf(t, 1, 1)

    const sub = subscriberTo('/dev/full', broker, '--json')

    assert.equal(await sub.exitCode, 7)
    assert.equal(JSON.parse(await sub.stderr()).kind, 'local-io')
  })

  for (const qos of [1, 2] as const) {
    test(`fault 29: QoS ${qos} to a disk that fills up: what was acknowledged is on it`, {
      skip: process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root',
    }, async (t) => {
      const file = join(smallDisk(t, 64), 'out')
      const broker = await brokerOf(t, qos, 2000)

      const sub = subscriberTo(file, broker, '-q', String(qos))

      assert.equal(await sub.exitCode, 7)
      const written = readFileSync(file, 'latin1').split('\n').slice(0, -1).map(Number.parseFloat)
      const packets = broker.connections[0]?.packets ?? []
      const acknowledged = packets.filter(({ type }) => type === acknowledgements[qos]).map(packetIdOf)
      assert.ok(written.length > 0 && written.length < 2000, `${written.length} lines`)
      assert.deepEqual(
        acknowledged.filter((packetId) => !written.includes(packetId)),
        [],
      )
    })
  }
})

const folder = temporaryFolder()

/** A folder that holds so many KiB and no more. */
function smallDisk(t: TestContext, kibibytes: number): string {
  const disk = mkdtempSync(join(folder, 'disk-'))
  const { stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', disk], {
    encoding: 'utf8',
  })
  assert.equal(stderr, '')
  t.after(() => spawnSync('umount', [disk]))
  return disk
}
