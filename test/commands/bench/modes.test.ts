import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { assertRan, type BenchRun, benchRun } from '../../support/bench/bench-run.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { freePort } from '../../support/network/free-port.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startWatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

const folder = temporaryFolder()

/** Everything that was sent came to everybody it is for, and the books agree. */
function assertComplete(run: BenchRun, expected: number): void {
  assertRan(run)
  const { arrivals, response } = run.result
  assert.deepEqual(
    [arrivals?.expected, arrivals?.received, arrivals?.lost, arrivals?.duplicate, response?.count],
    [expected, expected, 0, 0, expected],
  )
}

interface Shape {
  readonly what: string
  readonly words: readonly string[]
  readonly expected: number
}

const shapes: readonly Shape[] = [
  { what: 'one to one', words: ['--messages', '500'], expected: 500 },
  { what: 'pairs, each with a topic of its own', words: ['-c', '10', '--messages', '500'], expected: 500 },
  {
    what: 'fan-out, 1 to 100',
    words: ['--publishers', '1', '--subscribers', '100', '--messages', '100'],
    expected: 10_000,
  },
  {
    what: 'fan-in, 100 to 1',
    words: ['--publishers', '100', '--subscribers', '1', '--messages', '1000'],
    expected: 1000,
  },
  { what: 'QoS 1', words: ['-q', '1', '--messages', '500'], expected: 500 },
  { what: 'QoS 2', words: ['-q', '2', '--messages', '300'], expected: 300 },
  {
    what: 'a topic of its own for each message',
    words: ['-t', 'b/%s/%i', '--messages', '200'],
    expected: 200,
  },
  {
    what: 'a shared subscription: its members together get each message once',
    words: ['--publishers', '3', '--subscribers', '4', '--share', 'crew', '-q', '1', '--messages', '900'],
    expected: 900,
  },
  {
    what: 'two pairs at MQTT 3.1.1',
    words: ['--publishers', '2', '--subscribers', '2', '-V', '3.1.1', '--messages', '400'],
    expected: 400,
  },
]

describe('bench pubsub against mosquitto', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto({ config: 'max_queued_messages 0' })
  })
  after(() => broker.stop())

  for (const { what, words, expected } of shapes) {
    test(what, async () => {
      assertComplete(await benchRun([...broker.flags, ...words]), expected)
    })
  }

  for (const [typed, version] of [
    ['5', 5],
    ['3.1.1', 4],
    ['3.1', 3],
  ] as const) {
    test(`MQTT ${typed}`, async () => {
      const run = await benchRun([...broker.flags, '-V', typed, '-q', '1', '--messages', '200'])

      assertComplete(run, 200)
      assert.equal(run.result.mqttVersion, version)
    })
  }

  for (const version of ['5', '3.1.1', '3.1']) {
    test(`sessions that the broker kept are taken up at MQTT ${version}, with what waited in them`, async () => {
      const words = [...broker.flags, '-V', version, '-q', '2', '-I', `kept-${version}-%i`, '--disable-clean-session']
      const first = await benchRun([...words, '--messages', '50'])
      const waiting = ['pub', ...broker.flags, '-q', '1', '-t', 'bench/0', '-m', 'waiting']
      assert.equal(await runCli(waiting).exitCode, 0)

      const second = await benchRun([...words, '--messages', '50'])

      assertComplete(first, 50)
      assertComplete(second, 50)
      assert.deepEqual([first.result.arrivals?.foreign, second.result.arrivals?.foreign], [0, 1])
    })
  }

  test('bench rpc: every request has its answer, and a round trip is at least two ways', async () => {
    const run = await benchRun(['rpc', ...broker.flags, '-c', '3', '-q', '1', '--messages', '300'])

    assertComplete(run, 300)
    assert.ok((run.result.response?.p50Microseconds ?? 0) > 0)
  })

  test('--connect-rate spaces the connections', async () => {
    const { result } = await benchRun(['conn', ...broker.flags, '-c', '30', '-R', '40', '--duration', '0.1'])

    assert.equal(result.connect.connected, 30)
    assert.ok((result.connect.perSecond ?? 44) < 44, `${result.connect.perSecond} a second`) // 30 in no less than 29/40 s
  })
})

describe('bench pubsub --embedded', () => {
  for (const { what, words, expected } of shapes) {
    test(what, async () => {
      assertComplete(await benchRun(['--embedded', ...words]), expected)
    })
  }
})

test('bench says which reason a broker gives for refusing its subscriptions', async () => {
  const watched = await startWatchedBroker({ deny: ['bench/#'] })

  const { code, result } = await benchRun(['-p', String(watched.port), '--subscribers', '2', '--messages', '10'])

  assert.equal(code, 4)
  assert.deepEqual(result.connect.refused, { 'SUBACK Not authorized (0x87)': 2 })
  await watched.close()
})

describe('a rate', () => {
  const paced = ['--embedded', '--warmup', '0'] as const
  const offered = async (...words: readonly string[]) =>
    (await benchRun(['pub', ...paced, ...words])).result.messages?.offered ?? 0

  test('of the whole run is shared by its publishers', async () => {
    assert.equal(await offered('-c', '4', '--rate', '1000/s', '--duration', '0.5'), 500)
  })

  test('--rate-per-client is each publisher’s', async () => {
    assert.equal(await offered('-c', '4', '--rate-per-client', '100', '--duration', '0.5'), 200)
  })

  test('--stages goes in a line to each rate: 0 to 1,000 in half a second, and stays for another', async () => {
    assert.equal(await offered('--stages', '500ms:1000,500ms:1000'), 250 + 500)
  })

  test('--arrival poisson has it on average, and not evenly', async () => {
    const count = await offered('--arrival', 'poisson', '--rate', '2000', '--duration', '1')

    assert.ok(Math.abs(count - 2000) < 5 * Math.sqrt(2000), `${count}`) // five standard deviations
  })

  test('the warm-up is sent, and in no figure of what is measured', async () => {
    const words = ['--embedded', '--warmup', '0.3', '--rate', '1000', '--duration', '0.4']
    const { result } = await benchRun(words)

    assert.deepEqual([result.warmup?.offered, result.messages?.offered, result.arrivals?.received], [300, 400, 400])
  })
})

describe('transports', { skip: mosquittoMissing() }, () => {
  let broker: Mosquitto
  const certificates = writeCertificates(folder)
  const socket = join(folder, 's')
  const words: Record<string, readonly (string | number)[]> = {}
  before(async () => {
    const [tls, ws] = [await freePort(), await freePort()]
    const config = [
      ...[`listener ${tls} 127.0.0.1`, `cafile ${certificates.caFile}`],
      ...[`certfile ${certificates.certFile('server')}`, `keyfile ${certificates.keyFile('server')}`],
      ...[`listener ${ws} 127.0.0.1`, 'protocol websockets', `listener 0 ${socket}`, 'max_queued_messages 0'],
    ]
    broker = await startMosquitto({ config: config.join('\n') })
    words.TCP = [...broker.flags]
    words.TLS = ['-h', 'localhost', '-p', tls, '--cafile', certificates.caFile]
    words.WebSocket = ['-L', `ws://127.0.0.1:${ws}/mqtt`]
    words['a unix socket'] = ['--unix', socket]
  })
  after(() => broker.stop())

  for (const transport of ['TCP', 'TLS', 'WebSocket', 'a unix socket']) {
    test(`${transport}: a load of QoS 1 arrives whole`, async () => {
      assertComplete(await benchRun([...words[transport]!, '-c', '3', '-q', '1', '--messages', '600']), 600)
    })
  }
})
