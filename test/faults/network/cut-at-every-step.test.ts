import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { account, deliveries, packetIdOf } from '../../support/messages/publisher-account.ts'
import { startCuttingProxy } from '../../support/network/cutting-proxy.ts'
import type { CutPacket } from '../../support/packets/frame-cutter.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'
import type { Reach } from '../../support/transports/reach.ts'
import { type CutRow, type CutRun, cutRows, cutRuns } from './cut-table.ts'
import { type MessageCounter, startMessageCounter } from './message-counter.ts'

/** -M 1: `two` waits for the end of `one`, so that each step can be hit. */
function publishLines({ flags }: Reach, run: CutRun, ...more: readonly string[]) {
  const { row, version } = run
  const args = ['pub', '-l', ...flags, '-q', String(row.qos), '-M', '1', '-V', String(version), ...more]
  return runCli(args, { stdin: 'one\ntwo\n' })
}

let runs = 0
/** Below 5 only a session of the user's own is kept; at 5 `pub -l` makes one, unless it is told to expire at once. */
function sessionFlags({ version, session }: CutRun): string[] {
  if (version === 4) return session === 'kept' ? ['-c', '-i', `fault-10-${++runs}`] : []
  return session === 'kept' ? [] : ['-x', '0']
}

describe('against the scripted broker', { concurrency: 8 }, () => {
  for (const run of cutRuns) {
    test(`fault 10: ${run.name}: nothing is lost, and success is said of nothing unconfirmed`, async (t) => {
      const { row, version, session } = run
      const { proxy, broker } = await scripted(t, run)
      const cli = publishLines(proxy, run, '-t', 't', ...sessionFlags(run))

      const exitCode = await cli.exitCode

      const sent = broker.connections.map(({ packets }) => packets)
      assert.deepEqual([exitCode, await cli.stderr().then(withoutNotes)], [0, ''])
      assert.equal(account(sent[1] ?? [], version), row.again[session])
      assert.equal(sent.length, 2)
      const delivered = deliveries(sent, version, session === 'kept')
      assert.deepEqual([...new Set(delivered)].sort(), ['one', 'two'])
      assert.equal(delivered.length - 2, row.twice[session])
    })
  }

  for (const row of cutRows) {
    for (const version of [4, 5] as const) {
      test(`fault 10: QoS ${row.qos}, MQTT ${version}, cut ${row.step}, and nobody comes back: 5, and the line is named`, async (t) => {
        const run = { name: '', row, version, session: 'kept' } as const
        const { proxy } = await scripted(t, run)
        const cli = publishLines(proxy, run, '-t', 't', '--reconnect-for', '0', '--json')

        const exitCode = await cli.exitCode

        const { facts } = JSON.parse((await cli.stderr()).trim())
        assert.equal(exitCode, 5)
        assert.equal(facts.unconfirmedLines, String(row.unconfirmedLine))
        assert.equal(facts.confirmed, row.unconfirmedLine - 1)
      })
    }
  }
})

describe('against mosquitto', { concurrency: 8, skip: mosquittoMissing('mosquitto_sub', 'mosquitto_pub') }, () => {
  let broker: Mosquitto
  let counter: MessageCounter

  before(async () => {
    broker = await startMosquitto()
    counter = await startMessageCounter(broker.port)
  })
  after(async () => {
    counter.close()
    await broker.stop()
  })

  for (const [index, run] of cutRuns.entries()) {
    test(`fault 10: mosquitto, ${run.name}: nothing is lost`, async (t) => {
      const { row, version, session } = run
      const proxy = await startCuttingProxy(broker.port, [{ cut: row.cut }])
      t.after(proxy.close)
      const cli = publishLines(proxy, run, '-t', `fault10/${index}`, ...sessionFlags(run))

      const exitCode = await cli.exitCode

      const [, second] = proxy.lines
      const isPresent = second?.packetsFrom('server')[0]?.bytes[2]
      const counts = await counter.of(`fault10/${index}`)
      assert.deepEqual([exitCode, await cli.stderr().then(withoutNotes)], [0, ''])
      assert.equal(isPresent, session === 'kept' ? 1 : 0)
      assert.equal(account(second?.packetsFrom('client') ?? [], version), row.again[session])
      assert.deepEqual([...counts.keys()].sort(), ['one', 'two'])
      const twice = [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
      // mosquitto passes a QoS 2 message on at PUBREL, so that a lost session brings fewer of them twice.
      assert.ok(twice <= row.twice[session], `${twice} messages came twice`)
    })
  }
})

async function scripted(t: TestContext, { row, version, session }: CutRun) {
  const isPresent = session === 'kept' ? 1 : 0
  const scripts = [answers(row, version, 0), answers(row, version, isPresent)]
  const broker = await startScriptedBroker(scripts, { isBehindProxy: true })
  t.after(broker.close)
  const proxy = await startCuttingProxy(broker.port, [{ cut: row.cut }])
  t.after(proxy.close)
  return { proxy, broker }
}

/** CONNACK, and every handshake to its end, whichever comes. */
function answers({ qos }: CutRow, version: 4 | 5, sessionPresent: 0 | 1): Step[] {
  const connack = version === 4 ? `2002 0${sessionPresent}00` : `2003 0${sessionPresent}0000`
  return [{ expect: 'connect' }, { send: connack }, { answer: (packet) => acknowledgement(packet, qos) }]
}

function acknowledgement(packet: CutPacket, qos: 1 | 2): Buffer | undefined {
  const first = { publish: qos === 1 ? 0x40 : 0x50, pubrel: 0x70 }[packet.type as string]
  return first === undefined ? undefined : Buffer.from([first, 2, 0, packetIdOf(packet)])
}

/** What is said of the connection that was lost, and of its session, is for other tests. */
function withoutNotes(stderr: string): string {
  return stderr.replace(/^note: .*\n/gm, '')
}
