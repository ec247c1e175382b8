import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { boundlessQueues } from '../nothing-lost/counting-subscriber.ts'
import { firstDifference, numberedLines } from '../nothing-lost/numbered-lines.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { type ProxyProgram, proxyProgram } from '../support/transports/proxy-program.ts'
import { reachOf } from '../support/transports/reach.ts'
import { thisTransport, transportTable } from '../support/transports/transport-table.ts'

const lineCount = 5000
const lines = numberedLines(1, lineCount)
const config = `${boundlessQueues}max_inflight_messages 1000`

describe('inspect proxy', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto({ config })
  })
  after(() => broker.stop())

  const sides: ReadonlyArray<readonly [name: string, start: () => Promise<ProxyProgram>]> = [
    ['whose broker is reached over this transport', () => proxyProgram(broker, transportTable.tcp)],
    ['whose clients come over this transport', () => proxyProgram(reachOf(broker, transportTable.tcp), thisTransport)],
  ]
  for (const [name, start] of sides) {
    for (const qos of ['0', '1', '2']) {
      test(`${name}: ${lineCount} lines of QoS ${qos} pass it both ways, once each and in order`, async (t) => {
        const proxy = await start()
        t.after(() => proxy.stop())
        const target = [...proxy.reach.flags, '-t', `lines/${qos}`, '-q', qos]
        const sub = runCli(['sub', ...target, '-C', String(lineCount), '--trace'])
        await sub.whenStderr(/SUBACK/)

        const pub = runCli(['pub', '-l', ...target], { stdin: lines })

        assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
        assert.equal(await sub.exitCode, 0)
        assert.equal(firstDifference(await sub.stdout(), lines), undefined)
        assert.equal(await proxy.stop(), 130)
      })
    }
  }
})
