import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertRan, benchRun } from '../../support/bench/bench-run.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'

const load = ['--rate', '200', '--duration', '3', '--warmup', '0', '--subscribers', '3']
const slow = ['--slow-subscribers', '1', '--think', '50ms']

describe('slow subscribers', { concurrency: 2 }, () => {
  for (const [qos, workers] of [
    [1, 1],
    [2, 2],
  ]) {
    test(`against a small queue of mosquitto: what is lost is what it says that it dropped, QoS ${qos}, threads: ${workers}`, {
      skip: mosquittoMissing(),
    }, async (t) => {
      const broker = await startMosquitto({ config: 'sys_interval 1\nmax_queued_messages 50' })
      t.after(broker.stop)

      const run = await benchRun([
        ...broker.flags,
        '-q',
        qos!,
        '--workers',
        workers!,
        ...load,
        ...slow,
        '--observe',
        'sys',
      ])

      assertRan(run)
      const { arrivals, slow: figures, perSubscriber, observed = [] } = run.result
      const dropped = observed[0]?.dropped['$SYS/broker/publish/messages/dropped']
      assert.ok((figures?.lost ?? 0) > 100, JSON.stringify(figures))
      assert.equal(figures?.lost, dropped)
      assert.deepEqual([figures?.expected, figures?.lostAcked], [600, dropped])
      assert.equal(600, (figures?.received ?? 0) + (figures?.lost ?? 0) + (figures?.lateToArrive ?? 0))
      assert.deepEqual([arrivals?.lost, arrivals?.expected], [dropped, 1800])
      assert.deepEqual(perSubscriber?.lost, { least: 0, median: 0, most: 0 })
      const { backlog = 0, subscriber, second = -1 } = figures?.firstLoss ?? {}
      assert.equal(subscriber, 2)
      // 50 in its queue and 20 on their way; the subscriber has read some of these by then
      assert.ok(backlog >= 50 && backlog <= 71, `${backlog} waiting`)
      assert.ok(second > 0.2 && second < 3, `${second} s`)
      assert.equal(figures?.response.count, figures?.received)
      assert.equal(run.result.response?.count, 1200)
    })
  }

  test('take what they are sent, and leave the times and the pace of the others alone', async () => {
    const run = await benchRun([
      '--embedded',
      '--messages',
      '400',
      '--subscribers',
      '2',
      '-q',
      '1',
      ...slow,
      '--drain',
      '2',
    ])

    const { slow: figures, arrivals, response, subscribed, messages } = run.result
    assert.equal(messages?.acked, 400)
    assert.equal(response?.count, 400)
    assert.ok((figures?.received ?? 400) < 400, 'in a second or two nobody takes 400 at 50 ms each')
    assert.equal(400, (figures?.received ?? 0) + (figures?.lateToArrive ?? 0) + (figures?.lost ?? 0))
    assert.equal(arrivals?.expected, 800)
    assert.equal(subscribed?.count, 2)
  })

  const refused: ReadonlyArray<readonly [words: readonly string[], said: RegExp]> = [
    [['bench', 'pub', '--slow-subscribers', '1'], /bench pub has no slow subscribers/],
    [['bench', '--think', '50ms'], /how many there are: --slow-subscribers/],
    [['bench', '--subscribers', '2', '--slow-subscribers', '3'], /3 of 2 subscribers/],
    [['bench', '--slow-subscribers', '1', '--share', 'g'], /do not go together/],
    [['bench', '--slow-subscribers', '1', '--think', '0'], /more than 0/],
  ]
  for (const [words, said] of refused) {
    test(`${words.join(' ')}: 2`, async () => {
      const run = runCli(words)

      assert.equal(await run.exitCode, 2)
      assert.match(await run.stderr(), said)
    })
  }
})
