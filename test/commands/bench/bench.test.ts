import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const schema = JSON.parse(readFileSync(join(root, 'docs/schemas/bench-result.schema.json'), 'utf8'))
const folder = temporaryFolder()
const isResult = new Ajv().compile(schema)

// biome-ignore lint/suspicious/noExplicitAny: its schema says what it is, and each test reads a few fields of it
async function resultOf(handle: ReturnType<typeof runCli>): Promise<any> {
  const text = (await handle.stdout()).toString()
  assert.notEqual(text, '', await handle.stderr())
  const result = JSON.parse(text)
  assert.equal(isResult(result), true, JSON.stringify(isResult.errors))
  return result
}

describe('bench', () => {
  const modes = [
    ['pubsub', ['bench', '--messages', '2000']],
    ['pubsub', ['bench', 'pubsub', '-c', '3', '-q', '2', '--messages', '300']],
    ['pub', ['bench', 'pub', '-q', '1', '--messages', '500']],
    ['rpc', ['bench', 'rpc', '-q', '1', '--rate', '200', '--warmup', '0', '--duration', '0.5']],
    ['conn', ['bench', 'conn', '-c', '20', '--duration', '0.2', '--churn', '1']],
  ] as const
  for (const [mode, words] of modes) {
    test(`${words.join(' ')} against mosquitto: nothing lost, a result of the schema`, {
      skip: mosquittoMissing(),
    }, async (t) => {
      const broker = await startMosquitto({ config: 'max_queued_messages 0' })
      t.after(broker.stop)

      const handle = runCli([...words, '-p', String(broker.port), '--json'])
      const result = await resultOf(handle)

      assert.ok([0, 10].includes(await handle.exitCode), await handle.stderr()) // a busy machine may have been the limit
      assert.equal(result.mode, mode)
      assert.equal(result.arrivals?.lost ?? 0, 0)
      assert.equal(result.arrivals?.received, result.arrivals?.expected)
      assert.equal(result.connect.connected, result.connect.attempted)
      if (mode === 'conn') assert.equal(result.idle.storms[0].reconnected, 20)
    })
  }

  test('the embedded broker takes every message of bench --embedded', async () => {
    const handle = runCli(['bench', '--embedded', '-q', '1', '--messages', '500', '--json'])

    const { arrivals, verdict } = await resultOf(handle)

    assert.equal(await handle.exitCode, 0)
    assert.equal(arrivals.received, 500)
    assert.match(verdict.notes[0], /in this process/)
  })

  test('the histograms in the result are the run’s, in the standard encoding', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)

    const { histograms, response } = await resultOf(
      runCli(['bench', '-p', String(broker.port), '--messages', '500', '--json']),
    )
    const decoded = decodeFromCompressedBase64(histograms.response)

    assert.equal(decoded.totalCount, 500)
    assert.equal(decoded.getValueAtPercentile(99), response.p99Microseconds)
  })

  test('there is a histogram for every distribution that is told, so that results can be added', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)

    const paced = ['--rate', '500', '--duration', '0.6', '--warmup', '0', '-q', '1', '--json']
    const result = await resultOf(runCli(['bench', '-p', String(broker.port), ...paced]))

    const { response, service, acknowledged, acknowledgedService, connect, subscribed, generator, histograms } = result
    const { sendDelay, loopDelay } = generator
    const times = { response, service, acknowledged, acknowledgedService, subscribed }
    const told = { ...times, connect: connect.times, sendDelay, loopDelay }
    assert.deepEqual(Object.keys(histograms).sort(), Object.keys(told).sort())
    for (const [name, figures] of Object.entries(told)) {
      assert.equal(decodeFromCompressedBase64(histograms[name]).totalCount, figures.count, name)
    }
  })

  test('a threshold that comes true is exit 9, and each says pass or fail with its figure', async (t) => {
    const broker = await startRelayBroker({ relay: (n, packet, forward) => n !== 7 && forward(packet) })
    t.after(broker.close)

    const conditions = ['--fail-if', 'lost>0', '--fail-if', 'p99>1s']
    // as fast as it goes and over in a moment: a busy machine cannot make that invalid, which would be 10
    const handle = runCli(['bench', '-p', String(broker.port), '--messages', '300', ...conditions])
    const text = (await handle.stdout()).toString()

    assert.equal(await handle.exitCode, 9)
    assert.match(text, /FAIL wanted lost at most 0 messages; 1 message: failed/)
    assert.match(text, /pass wanted p99 at most 1 s; [\d.]+ \S+: held/)
  })

  test('bench sub matches what another process publishes, and counts what is foreign', async (t) => {
    let isSubscribed = () => {}
    const subscribed = new Promise<void>((resolve) => {
      isSubscribed = resolve
    })
    const broker = await startRelayBroker({
      subscribed: () => isSubscribed(),
      relay: (n, packet, forward) => {
        forward(packet)
        if (n === 0) forward(Buffer.from('300700016200616263', 'hex'))
      },
    })
    t.after(broker.close)
    const port = String(broker.port)
    const sub = runCli(['bench', 'sub', '-p', port, '--duration', '4', '--warmup', '0', '--json'])
    await subscribed
    const pub = runCli(['bench', 'pub', '-p', port, '--messages', '300', '--json'])

    const { arrivals } = await resultOf(sub)

    assert.equal((await resultOf(pub)).messages.sent, 300)
    assert.equal(arrivals.received, 300)
    assert.equal(arrivals.foreign, 1)
    assert.equal(arrivals.lost, 0)
    assert.equal(arrivals.duplicate, 0)
  })

  const wrong: ReadonlyArray<readonly [why: string, words: readonly string[]]> = [
    ['a payload too small for its stamp', ['bench', '-s', '23']],
    ['a condition about nothing that is measured', ['bench', '--fail-if', 'p42>1ms']],
    ['a time compared with a bare number', ['bench', '--fail-if', 'p99>20']],
    ['two rates', ['bench', '--rate', '5', '--rate-per-client', '5']],
    ['two ends', ['bench', '--duration', '5', '--messages', '5']],
    ['a fast load for a public host without --yes', ['bench', '-h', 'broker.example.com']],
  ]
  for (const [why, words] of wrong) {
    test(`${why} is a usage error`, async () => {
      assert.equal(await runCli(words).exitCode, 2)
    })
  }

  test('without a broker: exit 3, and what to start is named', async () => {
    const handle = runCli(['bench', '-p', '1'])

    assert.equal(await handle.exitCode, 3)
    assert.match(await handle.stderr(), /--embedded .*mqtt-cli broker/)
  })

  test('-F 0 is no limit of ours, and the run ends', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)

    const handle = runCli([
      'bench',
      'pub',
      '-p',
      String(broker.port),
      '-q',
      '1',
      '-F',
      '0',
      '--messages',
      '3000',
      '--json',
    ])

    assert.equal((await resultOf(handle)).messages.acked, 3000)
  })

  test('every form of the result is written', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const file = (name: string) => join(folder, name)
    const words = [
      'bench',
      '-p',
      String(broker.port),
      '--messages',
      '500',
      '--fail-if',
      'lost>0',
      '--csv',
      file('a.csv'),
    ]
    const more = ['--hdr', file('a.hgrm'), '--junit', file('a.xml'), '--report', file('a.html'), '--github-summary']

    assert.equal(await runCli([...words, ...more], { env: { GITHUB_STEP_SUMMARY: file('a.md') } }).exitCode, 0)

    const text = (name: string) => readFileSync(file(name), 'utf8')
    assert.match(text('a.csv'), /^second,phase,offered,sent,.*\n[\d.]+,measure,500,500,0,500,32000,2,/)
    assert.match(text('a.hgrm'), /#\[Mean .*\n#\[Max .*Total count +=? +500/)
    assert.match(
      text('a.xml'),
      /tests="2" failures="0"[\s\S]*name="lost&gt;0"><system-out>wanted lost at most 0 messages; 0 messages: held/,
    )
    assert.match(text('a.md'), /\| lost \| 0 \|/)
    assert.match(text('a.html'), /500 of 500/)
  })

  test('each client has its own line of --credentials', async (t) => {
    const users: string[] = []
    const broker = await startRelayBroker({
      connect: (packet) => users.push(...(packet.toString('latin1').match(/(ann|bob)..s[12]/gs) ?? [])),
    })
    t.after(broker.close)
    const path = join(folder, 'users.csv')
    writeFileSync(path, 'ann,s1\nbob,s2\n')

    const load = ['-c', '3', '--messages', '3', '--credentials', path, '--no-ask-broker']
    await runCli(['bench', 'pub', '-p', String(broker.port), ...load]).exitCode

    assert.deepEqual(users.map((each) => `${each.slice(0, 3)} ${each.slice(5)}`).sort(), ['ann s1', 'ann s1', 'bob s2'])
  })

  test('a password of --credentials that the broker says again is not shown', async (t) => {
    const says = Buffer.concat([Buffer.from('e010870e1f000b', 'hex'), Buffer.from('canary-word')])
    const broker = await startRelayBroker({ after: (_, socket) => socket.end(says) })
    t.after(broker.close)
    const path = join(folder, 'known.csv')
    writeFileSync(path, 'ann,canary-word\n')

    const run = runCli([
      'bench',
      'pub',
      '-p',
      String(broker.port),
      '--rate',
      '100',
      '--duration',
      '1',
      '--credentials',
      path,
    ])
    const stderr = await run.stderr()

    assert.equal(await run.exitCode, 4)
    assert.match(stderr, /\*\*\*/)
    assert.doesNotMatch(stderr + (await run.stdout()), /canary/)
  })

  test('descriptors that would run out are said before the start: 7, and the broker sees nobody', async (t) => {
    let came = 0
    const broker = await startRelayBroker({ connected: () => came++ })
    t.after(broker.close)
    const run = ['bench', 'pub', '-p', String(broker.port), '-c', '100', '--messages', '100', '--json']
    const program = ['sh', '-c', 'ulimit -n 60; exec node bin/run.js "$@"', 'sh'] as const

    const handle = runCli(run, { program: [...program] })

    assert.equal(await handle.exitCode, 7)
    assert.match(await handle.stderr(), /100 connections, and this process may open 60 files/)
    assert.equal(came, 0)
  })

  test('the first SIGINT drains and reports: exit 130 with a result', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const handle = runCli(['bench', '-p', String(broker.port), '--rate', '200', '--duration', '60'])

    await handle.whenStderr(/2 s measure/)
    handle.kill('SIGINT')

    assert.equal(await handle.exitCode, 130)
    assert.match((await handle.stdout()).toString(), /lost +0\n/)
  })

  const tasksetMissing = spawnSync('taskset', ['-V']).error === undefined ? undefined : 'not installed: taskset'
  test('on one busy core a rate that cannot be made is not valid: exit 10', { skip: tasksetMissing }, async (t) => {
    const broker = await startRelayBroker({ relay: () => {} })
    t.after(broker.close)
    const busy = spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'])
    t.after(() => busy.kill('SIGKILL'))

    const words = [
      'bench',
      'pub',
      '-p',
      String(broker.port),
      '--rate',
      '5000000',
      '--warmup',
      '0',
      '--duration',
      '1',
      '--drain',
      '1',
    ]
    const handle = runCli([...words, '--json'], { program: ['taskset', '-c', '0', process.execPath, 'bin/run.js'] })
    const { verdict } = await resultOf(handle)

    assert.equal(verdict.isValid, false)
    assert.equal(await handle.exitCode, 10)
  })
})
