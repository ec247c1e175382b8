import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { type CliHandle, runCli } from '../support/program/run-cli.ts'
import { boundlessQueues, drainSession, leaveSession } from './counting-subscriber.ts'
import { lineCountOf } from './line-count.ts'
import { firstDifference, numberedLines, numberOf } from './numbered-lines.ts'

const lineCount = lineCountOf(200_000)
const skip = mosquittoMissing('mosquitto_sub', 'mosquitto_pub')

/** With a session that the broker keeps over its restart: at MQTT 5 `pub -l` makes its own, below it is the user's. */
const sessions = { 5: [], 4: ['-c', '-i', 'publisher', '-M', '1000'] } as const

for (const version of [5, 4] as const) {
  test(`nothing lost: MQTT ${version}, QoS 2, ${lineCount} lines arrive exactly once over a restart of the broker`, {
    skip,
  }, async (t) => {
    const broker = await startBroker()
    t.after(() => broker.stop())
    await leaveSession(broker.port, 2)

    const cli = publish(broker, 2, version)
    const lines = await feedOverRestart(cli, broker)

    assert.deepEqual([await cli.exitCode, hasReconnected(await cli.stderr())], [0, true])
    assert.equal(firstDifference(await drainSession(broker.port, 2), lines), undefined)
  })
}

test(`nothing lost: QoS 1, ${lineCount} lines arrive at least once over a restart of the broker`, {
  skip,
}, async (t) => {
  const broker = await startBroker()
  t.after(() => broker.stop())
  await leaveSession(broker.port, 1)

  const cli = publish(broker, 1, 5)
  await feedOverRestart(cli, broker)

  assert.deepEqual([await cli.exitCode, hasReconnected(await cli.stderr())], [0, true])
  const came = (await drainSession(broker.port, 1)).toString('latin1').trimEnd().split('\n').map(numberOf)
  assert.equal(new Set(came).size, lineCount)
  t.diagnostic(`${came.length - lineCount} lines came twice`)
})

function startBroker(): Promise<Mosquitto> {
  return startMosquitto({ persistence: true, config: `${boundlessQueues}max_inflight_messages 1000` })
}

function publish({ flags }: Mosquitto, qos: 1 | 2, version: 4 | 5): CliHandle {
  const args = ['pub', '-l', ...flags, '-t', 'lines', '-q', String(qos), '-V', String(version)]
  return runCli([...args, ...sessions[version]], { stdin: 'open', timeLimitMs: 120_000 })
}

/** Half of the lines are with the program, and it works on them, when the broker is told to stop. */
async function feedOverRestart({ child }: CliHandle, broker: Mosquitto): Promise<Buffer> {
  const lines = numberedLines(1, lineCount)
  const half = lines.length / 2
  await new Promise<void>((resolve) => child.stdin.write(lines.subarray(0, half), () => resolve()))
  const isGone = once(child, 'exit')
  child.stdin.end(lines.subarray(half))
  await Promise.race([broker.restart(), isGone.then(() => assert.fail('it ended before the broker was back'))])
  return lines
}

function hasReconnected(stderr: string): boolean {
  return /trying again/.test(stderr)
}
