import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { boundlessQueues, CountingSubscriber } from './counting-subscriber.ts'
import { lineCountOf } from './line-count.ts'
import { firstDifference, numberedLines } from './numbered-lines.ts'

const lineCount = lineCountOf(500_000)
const skip = mosquittoMissing('mosquitto_sub', 'mosquitto_pub')

for (const qos of [1, 2] as const) {
  test(`nothing lost: ${lineCount} lines at QoS ${qos} arrive once each, in order [MQTT-4.6.0-2]`, {
    skip,
  }, async (t) => {
    const broker = await startMosquitto({ config: `${boundlessQueues}max_inflight_messages 1000` })
    t.after(() => broker.stop())
    const counter = new CountingSubscriber(broker.port, qos)
    await counter.ready(broker.port)
    const lines = numberedLines(1, lineCount)

    const cli = runCli(['pub', '-l', ...broker.flags, '-t', 'lines', '-q', String(qos)], {
      stdin: lines,
      timeLimitMs: 120_000,
    })
    const [exitCode, stderr] = [await cli.exitCode, await cli.stderr()]

    const came = await counter.everything(broker.port)
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.equal(firstDifference(came, lines), undefined)
  })
}
