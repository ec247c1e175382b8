import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { type BenchRun, benchRun, finished } from '../../support/bench/bench-run.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { type Relay, type RelayOptions, startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

/** `published = acknowledged + refused + unconfirmed`, and what was due is what was sent and what never was: to the message. */
function assertBooksAgree({ result: { messages, qos } }: BenchRun): void {
  const { offered = 0, sent = 0, acked = 0, unconfirmed = 0, unsent = 0, refused = {} } = messages ?? {}
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0)
  assert.equal(offered, sent + unsent)
  if (qos > 0) assert.equal(sent, acked + refusals + unconfirmed)
}

describe('a real broker that stands still for a second', { skip: mosquittoMissing() }, () => {
  for (const qos of [1, 0] as const) {
    const what = qos === 1 ? 'is in the response time and not in the service time' : 'is in both times at QoS 0'
    test(what, async (t) => {
      const broker = await startMosquitto({ config: 'max_queued_messages 0\nset_tcp_nodelay true' })
      t.after(broker.stop)
      const load = ['--rate', '1000', '--duration', '10', '-q', qos, '-F', '20', '--warmup', '0']
      const running = benchRun([...broker.flags, ...load])
      await after(4000)
      process.kill(broker.pid, 'SIGSTOP')
      await after(1000)
      process.kill(broker.pid, 'SIGCONT')

      const { result } = await running
      const { response, service, messages, arrivals } = result

      assert.ok((response?.p99Microseconds ?? 0) > 800_000, `response p99 ${response?.p99Microseconds} µs`)
      const serviceP99 = service?.p99Microseconds ?? 0
      assert.ok(qos === 1 ? serviceP99 < 400_000 : serviceP99 > 800_000, `service p99 ${serviceP99} µs`)
      assert.deepEqual([messages?.offered, messages?.sent, arrivals?.lost], [10_000, 10_000, 0])
      assert.ok(qos === 0 || (messages?.late ?? 0) > 800, `${messages?.late} late`)
    })
  }
})

describe('a real broker that is killed in the middle of a load', { skip: mosquittoMissing() }, () => {
  const ways: ReadonlyArray<
    readonly [what: string, mode: 'pub' | 'pubsub', words: readonly string[], withinMs: number]
  > = [
    ['publishers that do not come back end the run', 'pub', ['--duration', '60', '--reconnect-for', '0'], 8000],
    ['pairs that do not come back end the run', 'pubsub', ['--duration', '60', '--reconnect-for', '0'], 8000],
    ['the run ends when its time is over', 'pubsub', ['--duration', '4', '--drain', '1'], 12_000],
  ]
  for (const [what, mode, more, withinMs] of ways) {
    test(`${what}, with 5 and books that agree [fault 40]`, async () => {
      const broker = await startMosquitto({ config: 'max_queued_messages 0' })
      const load = ['-q', '1', '--rate', '500', '--warmup', '0', ...more, '--json', '--prometheus', '0']
      const handle = runCli(['bench', mode, ...broker.flags, ...load])
      const [, port] = await handle.whenStderr(/127\.0\.0\.1:(\d+)\/metrics/)
      await acknowledged(Number(port))
      const killedMs = performance.now()
      await broker.kill()

      const run = await finished(handle)

      assert.ok(performance.now() - killedMs < withinMs, 'in time')
      assert.equal(run.code, 5, run.stderr)
      assertBooksAgree(run)
      assert.ok((run.result.messages?.acked ?? 0) > 0)
      assert.ok(Object.values(run.result.connect.lost).length > 0)
    })
  }
})

/** Waits until the running load says that the broker acknowledges. */
async function acknowledged(port: number): Promise<void> {
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    if (/^mqtt_cli_bench_acked_total [1-9]/m.test(text)) return
    await after(50)
  }
}

describe('the accounts of a real run', () => {
  /** Drops n ≡ 1 (mod 100), repeats n ≡ 3 (mod 50), swaps n ≡ 5 (mod 70) with n + 1. No number is in two of them. */
  const faulty = (): Relay => {
    let held: Buffer | undefined
    return (n, packet, forward) => {
      if (n % 100 === 1) return
      if (n % 70 === 5) held = Buffer.from(packet)
      else forward(packet)
      if (n % 50 === 3) forward(packet)
      if (n % 70 === 6 && held !== undefined) forward(held)
    }
  }

  for (const words of [[], ['-q', '1'], ['--workers', '2', '-c', '2', '-t', 'one']]) {
    test(`have exactly what the broker drops, repeats and swaps: ${words.join(' ') || 'QoS 0'}`, async (t) => {
      const broker = await startRelayBroker({ relay: faulty() })
      t.after(broker.close)

      const run = await benchRun([...broker.flags, ...words, '--messages', '7000'])

      const each = words.includes('-c') ? 2 : 1
      const { expected, received, lost, duplicate, reordered } = run.result.arrivals ?? {}
      assert.deepEqual(
        [expected, received, lost, duplicate],
        [7000, 6930, 70, 140].map((count) => count * each),
      )
      if (each === 1) assert.equal(reordered, 100) // with two publishers a swap may be of two of them
      assertBooksAgree(run)
    })
  }
})

describe('a broker that does not do its part', () => {
  const paced = ['--rate', '1000', '--duration', '0.5', '--warmup', '0', '--drain', '1', '-q', '1']
  const quota5 = Buffer.from('2003009700', 'hex')
  const yes5 = Buffer.from('2003000000', 'hex')
  const cases: ReadonlyArray<{
    readonly what: string
    readonly broker: RelayOptions
    readonly words?: readonly string[]
    readonly code: number
    readonly check: (run: BenchRun) => void
  }> = [
    {
      what: 'refuses a third of the clients: 4, and the others run to their end',
      broker: { connack: (n) => (n % 3 === 1 ? quota5 : yes5) },
      words: ['-c', '9'],
      code: 4,
      check: ({ result: { connect, messages } }) => {
        assert.deepEqual([connect.attempted, connect.connected], [9, 6])
        assert.deepEqual(connect.refused, { 'Quota exceeded (0x97)': 3 })
        assert.equal(messages?.acked, messages?.sent)
      },
    },
    {
      what: 'never acknowledges: 5, with what is unconfirmed',
      broker: { acknowledges: false },
      words: ['-F', '20'],
      code: 5,
      check: ({ result: { messages } }) =>
        assert.deepEqual([messages?.sent, messages?.unconfirmed, messages?.unsent], [20, 20, 480]),
    },
    {
      what: 'disconnects with 0x97, and nobody comes back: 4, and the reason is named',
      broker: { after: (n, socket) => n === 99 && socket.end(Buffer.from('e00197', 'hex')) },
      words: ['--reconnect-for', '0'],
      code: 4,
      check: ({ result: { connect } }) => assert.deepEqual(connect.lost, { 'Quota exceeded (0x97)': 1 }),
    },
    {
      what: 'says CONNACK again: 6, which counts before everything else',
      broker: { after: (n, socket) => n === 99 && socket.end(Buffer.from('2003000000', 'hex')) },
      words: ['--fail-if', 'sent>0'],
      code: 6,
      check: ({ result: { thresholds } }) => assert.equal(thresholds[0]?.held, false),
    },
    {
      what: 'takes -F 0, no limit of ours, as far as its own goes',
      broker: {},
      words: ['-F', '0'],
      code: 0,
      check: ({ result: { messages } }) => assert.deepEqual([messages?.sent, messages?.acked], [500, 500]),
    },
  ]
  for (const { what, broker: options, words = [], code, check } of cases) {
    test(what, async (t) => {
      const broker = await startRelayBroker(options)
      t.after(broker.close)
      const beganMs = performance.now()

      const run = await benchRun(['pub', ...broker.flags, ...paced, ...words])

      assert.ok(performance.now() - beganMs < 10_000, 'in time')
      assert.ok(run.code === code || (code === 0 && run.code === 10), `exit ${run.code}: ${run.stderr}`)
      assertBooksAgree(run)
      check(run)
    })
  }
})

describe('a rate', () => {
  for (const rate of [10, 100, 1000, 10_000, 100_000]) {
    test(`of ${rate} a second is made within 1 %, and the spacing of every send is told`, async (t) => {
      const broker = await startRelayBroker({ relay: () => {} })
      t.after(broker.close)
      const seconds = rate < 100 ? 3 : 1.5

      const words = ['pub', ...broker.flags, '--rate', rate, '--duration', seconds, '--warmup', '0']
      const { result } = await benchRun(words)

      const { messages, generator, rates } = result
      assert.equal(messages?.offered, rate * seconds)
      assert.ok(Math.abs((messages?.sent ?? 0) - rate * seconds) <= rate * seconds * 0.01, `sent ${messages?.sent}`)
      assert.equal(rates.asked, rate)
      assert.equal(generator.sendDelay?.count, messages?.sent)
    })
  }
})
