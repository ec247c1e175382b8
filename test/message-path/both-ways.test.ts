import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { boundlessQueues } from '../nothing-lost/counting-subscriber.ts'
import { lineCountOf } from '../nothing-lost/line-count.ts'
import { firstDifference, numberedLines } from '../nothing-lost/numbered-lines.ts'
import { mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { runCli } from '../support/program/run-cli.ts'
import { startWatchedBroker } from '../support/scripted-broker/watched-broker.ts'
import type { Reach } from '../support/transports/reach.ts'

const lineCount = lineCountOf(100_000)
const config = `${boundlessQueues}max_inflight_messages 1000`

const brokers = [
  { name: 'mosquitto', skip: mosquittoMissing(), start: () => startMosquitto({ config }) },
  { name: 'the embedded broker', skip: undefined, start: started },
] as const

for (const { name, skip, start } of brokers) {
  describe(`from pub -l to sub, through ${name}`, { skip }, () => {
    let broker: Reach & { stop(): Promise<void> }
    before(async () => {
      broker = await start()
    })
    after(() => broker.stop())

    for (const qos of ['0', '1', '2']) {
      test(`nothing lost: ${lineCount} lines at QoS ${qos} arrive once each, in order [MQTT-4.6.0-2]`, async () => {
        const target = [...broker.flags, '-t', `lines/${qos}`, '-q', qos]
        const limits = { timeLimitMs: 120_000 }
        const sub = runCli(['sub', ...target, '-C', String(lineCount), '--trace'], limits)
        await sub.whenStderr(/SUBACK/)
        const lines = numberedLines(1, lineCount)

        const pub = runCli(['pub', '-l', ...target], { ...limits, stdin: lines })

        assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
        assert.equal(await sub.exitCode, 0)
        assert.equal(firstDifference(await sub.stdout(), lines), undefined)
      })
    }
  })
}

async function started() {
  const broker = await startWatchedBroker()
  return { ...broker, stop: broker.close }
}
