import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../support/brokers/mosquitto.ts'
import { startCuttingProxy } from '../support/network/cutting-proxy.ts'
import { runCli } from '../support/program/run-cli.ts'
import type { Reach } from '../support/transports/reach.ts'
import { boundlessQueues } from './counting-subscriber.ts'
import { lineCountOf } from './line-count.ts'
import { numberedLines } from './numbered-lines.ts'
import { numbersIn, tappedLines } from './tapped-lines.ts'

const lineCount = lineCountOf(200_000)
const skip = mosquittoMissing()
const all = Array.from({ length: lineCount }, (_, index) => index + 1)

for (const qos of [1, 2] as const) {
  test(`nothing lost: QoS ${qos}, ${lineCount} lines, the broker killed and back: every line is confirmed in the end`, {
    skip,
  }, async (t) => {
    const { broker, proxy } = await tapped(t)

    const cli = publish(proxy, qos)
    await feedHalf(cli)
    await broker.kill()
    await broker.restart()

    assert.deepEqual([await cli.exitCode, /trying again/.test(await cli.stderr())], [0, true])
    const { acknowledged, sentAgain } = tappedLines(proxy)
    assert.equal(acknowledged.size, lineCount)
    assert.ok(sentAgain.size > 0, 'nothing was under way when the broker was killed')
    t.diagnostic(`${sentAgain.size} lines were published again`)
  })

  test(`nothing lost: QoS ${qos}, ${lineCount} lines, the broker killed for good: every line that it did not confirm is named`, {
    skip,
  }, async (t) => {
    const { broker, proxy } = await tapped(t)

    const cli = publish(proxy, qos, '--reconnect-for', '0', '--json')
    await feedHalf(cli)
    await broker.kill()

    assert.equal(await cli.exitCode, 5)
    const { facts } = JSON.parse((await cli.stderr()).trim())
    const { carried, acknowledged } = tappedLines(proxy)
    const reported = numbersIn(facts.unconfirmedLines)
    const unsent = (line: number) => line > facts.lastLineSent
    // acknowledged ∪ reported = all, and what is confirmed was acknowledged
    assert.deepEqual(
      all.filter((line) => !acknowledged.has(line) && !reported.has(line) && !unsent(line)),
      [],
    )
    assert.deepEqual([...carried].filter(unsent), [])
    assert.equal(facts.confirmed, facts.lastLineSent - reported.size)
    assert.equal(facts.unconfirmed, reported.size)
    assert.ok(reported.size > 0, 'nothing was under way when the broker was killed')
  })
}

async function tapped(t: TestContext) {
  const broker = await startMosquitto({ config: `${boundlessQueues}max_inflight_messages 1000` })
  t.after(() => broker.stop())
  const proxy = await startCuttingProxy(broker.port)
  t.after(proxy.close)
  return { broker, proxy }
}

function publish({ flags }: Reach, qos: 1 | 2, ...more: readonly string[]) {
  const args = ['pub', '-l', ...flags, '-t', 'lines', '-q', String(qos), '-V', '5', ...more]
  return runCli(args, { stdin: 'open', timeLimitMs: 120_000 })
}

/** The program has taken the first half, nearly, and the second waits for it. */
async function feedHalf({ child }: ReturnType<typeof runCli>): Promise<void> {
  const lines = numberedLines(1, lineCount)
  await new Promise<void>((resolve) => child.stdin.write(lines.subarray(0, lines.length / 2), () => resolve()))
  child.stdin.end(lines.subarray(lines.length / 2))
}
