import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type BenchRun, benchRun, finished } from '../../support/bench/bench-run.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { faketimeLibrary } from '../../support/program/faketime-library.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const library = faketimeLibrary()
const skip = library === undefined ? 'not installed: faketime (Debian: faketime)' : undefined

/** `bench sub` here, and `bench pub` with 60 messages on a machine whose clock differs by so much. */
async function publishedElsewhere(clock: string, ...gates: readonly string[]): Promise<BenchRun> {
  let isSubscribed = () => {}
  const subscribed = new Promise<void>((resolve) => {
    isSubscribed = resolve
  })
  const broker = await startRelayBroker({ subscribed: () => isSubscribed() })
  const port = String(broker.port)
  try {
    const sub = finished(runCli(['bench', 'sub', '-p', port, '--messages', '60', '--drain', '20', '--json', ...gates]))
    await subscribed
    const elsewhere = { LD_PRELOAD: library ?? '', FAKETIME: clock, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
    const words = ['bench', 'pub', '-p', port, '--messages', '60', '--rate', '100', '--json']
    await Promise.all([finished(runCli(words, { env: elsewhere })), sub])
    return await sub
  } finally {
    broker.close()
  }
}

function everything({ result: { arrivals } }: BenchRun): number {
  const { received = 0, ofWarmup = 0, backlog = 0, foreign = 0 } = arrivals ?? {}
  return received + ofWarmup + backlog + foreign
}

describe('a publisher on another machine', { skip }, () => {
  for (const clock of ['+30s', '+0.5s']) {
    test(`whose clock is ahead (${clock}): no latency is told, never 0 µs, and 10 [fault 58]`, async () => {
      const run = await publishedElsewhere(clock, '--fail-if', 'p99>20ms')

      const { result } = run
      assert.equal(run.code, 10, run.stderr)
      assert.equal(everything(run), 60)
      assert.deepEqual([result.response?.count, result.response?.p99Microseconds], [0, null])
      assert.ok((result.earlyMicroseconds ?? 0) > 0)
      assert.match(result.verdict.problems.join('\n'), /clock of their publisher is ahead of ours/)
      assert.equal(result.thresholds[0]?.words, 'wanted p99 at most 20 ms; not measured')
    })
  }

  test('whose clock is behind: every message is in a figure, and a gate about times fails [fault 58]', async () => {
    const run = await publishedElsewhere('-30s', '--fail-if', 'p99>20ms')

    assert.equal(run.code, 9, run.stderr)
    assert.equal(everything(run), 60)
    assert.equal(run.result.arrivals?.backlog, 60)
    assert.match(run.result.verdict.notes.join('\n'), /60 messages were sent before this run began/)
  })
})

/** Waits until a running load says that it has looked at its first second. */
async function connected(port: number): Promise<void> {
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    if (/^mqtt_cli_bench_connections [1-9]/m.test(text)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('bench sub', () => {
  test('of messages that never come: 10, and not 0', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)

    const { code, result } = await benchRun(['sub', '-p', broker.port, '--messages', '5', '--drain', '0.5'])

    assert.equal(code, 10)
    assert.match(result.verdict.problems.join('\n'), /nothing came/)
  })

  test('of fewer than were to end it: 10, with how many came', async (t) => {
    const foreign = Buffer.from('300500016200ff', 'hex')
    const broker = await startRelayBroker({ subscribed: (forward) => forward(foreign) })
    t.after(broker.close)

    const { code, result } = await benchRun(['sub', '-p', broker.port, '--messages', '5', '--drain', '0.5'])

    assert.equal(code, 10)
    assert.match(result.verdict.problems.join('\n'), /1 of the 5 messages came/)
  })

  test('what waited in a session is a backlog, and shown', { skip: mosquittoMissing() }, async (t) => {
    const broker = await startMosquitto()
    t.after(broker.stop)
    const kept = ['-p', broker.port, '-q', '1', '-I', 'kept-%i', '--disable-clean-session']
    await benchRun(['sub', ...kept, '--duration', '0.1', '--warmup', '0'])
    await benchRun(['pub', '-p', broker.port, '-q', '1', '--messages', '20'])

    const sub = runCli(['bench', 'sub', ...kept.map(String), '--messages', '50', '--json', '--prometheus', '0'])
    const [, port] = await sub.whenStderr(/127\.0\.0\.1:(\d+)\/metrics/)
    await connected(Number(port))
    await benchRun(['pub', '-p', broker.port, '-q', '1', '--messages', '30'])
    const { code, result, stderr } = await finished(sub)

    assert.equal(code, 0, stderr)
    assert.deepEqual([result.arrivals?.backlog, result.arrivals?.received, result.arrivals?.foreign], [20, 30, 0])
  })

  test('-t a -t b subscribes to both', async (t) => {
    const filters: string[] = []
    const broker = await startRelayBroker({
      packet: ({ type, bytes }) => type === 'subscribe' && filters.push(bytes.toString('latin1')),
    })
    t.after(broker.close)

    await benchRun(['sub', '-p', broker.port, '-t', 'first', '-t', 'second/%i', '--duration', '0.1', '--warmup', '0'])

    assert.equal(filters.length, 1)
    assert.match(filters[0] ?? '', /first.*second\/\+/s)
  })
})

describe('what would be dropped or collide is refused before anything is sent', () => {
  const rows: ReadonlyArray<readonly [words: readonly string[], said: RegExp]> = [
    [['bench', '-I', 'same'], /gives client 1 the identifier of another/],
    [['bench', 'conn', '-c', '2', '-I', 'same'], /gives client 1 the identifier of another/],
    [['bench', 'rpc', '-I', '%r'], /gives client 1 the identifier of another/],
    [['bench', 'pub', '-t', 'a', '-t', 'b'], /bench pub has one --topic/],
    [['bench', '--filter', 'a', '--filter', 'b'], /bench pubsub has one --filter/],
  ]
  for (const [words, said] of rows) {
    test(`${words.join(' ')}: 2`, async () => {
      const handle = runCli([...words, '-p', '1'])

      assert.equal(await handle.exitCode, 2)
      assert.match(await handle.stderr(), said)
    })
  }

  test('a unix socket that is not there: 7', async () => {
    const handle = runCli(['bench', '--unix', '/nowhere/broker.sock'])

    assert.equal(await handle.exitCode, 7)
    assert.match(await handle.stderr(), /no unix socket at \/nowhere\/broker\.sock/)
  })
})
