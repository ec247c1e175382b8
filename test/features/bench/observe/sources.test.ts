import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import { ProcessSource } from '../../../../src/features/bench/observe/process-source.ts'
import { PrometheusSource } from '../../../../src/features/bench/observe/prometheus-source.ts'
import { runBench } from '../../../../src/features/bench/run-bench.ts'
import { benchContext } from '../../../support/bench/bench-settings.ts'
import { listen } from '../../../support/network/free-port.ts'
import { startRelayBroker } from '../../../support/scripted-broker/relay-broker.ts'

/** Burns so much CPU by its own account, and says so; then stays. */
const burner = `
const { user, system } = process.cpuUsage()
while (process.cpuUsage().user + process.cpuUsage().system - user - system < 400_000);
process.stdout.write('burnt'); setInterval(() => {}, 1000)`

/** Burns a third of its time, and says when it is asked how much it used so far. */
const steady = `
setInterval(() => { const until = performance.now() + 10; while (performance.now() < until); }, 30)
process.on('message', () => { const { user, system } = process.cpuUsage(); process.send(user + system) })`

async function burning(command: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child, 'spawn')
  return child
}

describe('a process', { skip: process.platform === 'linux' ? false : 'no /proc here' }, () => {
  for (const [what, command, args] of [
    ['that burns 400 ms', process.execPath, ['-e', burner]],
    ['whose child burns 400 ms', 'sh', ['-c', '"$0" -e "$1"; wait', process.execPath, burner]],
  ] as const) {
    test(`${what} is seen to have used them`, async (t) => {
      const child = await burning(command, args)
      t.after(() => {
        child.kill('SIGKILL')
        child.stdout?.destroy()
      })
      await once(child.stdout!, 'data')

      const reading = await new ProcessSource(child.pid!).read()

      assert.ok('cpuMicroseconds' in reading)
      const { cpuMicroseconds = 0, memoryBytes = 0 } = reading
      assert.ok(cpuMicroseconds >= 390_000, `${cpuMicroseconds} µs`) // in hundredths of a second, and starting costs too
      assert.ok(cpuMicroseconds < 2_000_000, `${cpuMicroseconds} µs`)
      assert.ok(memoryBytes > 10e6, `${memoryBytes} bytes`)
    })
  }

  test('over a run: its share is what it says itself that it used', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const child = spawn(process.execPath, ['-e', steady], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    t.after(() => child.kill('SIGKILL'))
    const used = async () => {
      child.send('?')
      const [cpuMicroseconds] = await once(child, 'message')
      return Number(cpuMicroseconds)
    }
    const settings = {
      load: { mode: 'paced', ratePerSecond: 100, arrival: 'uniform' },
      end: { by: 'duration', milliseconds: 2000 },
      warmupMs: 0,
      observed: [{ from: 'pid', pid: child.pid! }],
    } as const
    const before = await used()

    const { result } = await runBench(benchContext(broker, settings))

    const most = (await used()) - before // its own account, with what it used before and after the window
    const [{ cpu, cpuMicrosecondsPerMessage } = { cpu: null, cpuMicrosecondsPerMessage: null }] = result.observed ?? []
    const told = (cpu ?? 0) * 2e6
    assert.ok(told <= most + 20_000 && told >= most / 10, `${told} µs of ${most}`) // hundredths of a second at both ends
    assert.ok(
      Math.abs((cpuMicrosecondsPerMessage ?? 0) * 400 - told) < told / 5,
      `${cpuMicrosecondsPerMessage} µs a message`,
    )
  })

  test('that has ended is a gap, and one that is not there is refused before a run', async () => {
    const child = await burning('true', [])
    await once(child, 'exit')
    const source = new ProcessSource(child.pid!)

    assert.deepEqual(await source.read(), { gap: 'the process has ended' })
    await assert.rejects(source.open(), { kind: 'local-io' })
  })
})

/** The nth answer is as told. */
async function endpoint(t: { after(end: () => void): void }, answer: (n: number, response: ServerResponse) => void) {
  let asked = 0
  const logins: (string | undefined)[] = []
  const server = createServer((request, response) => {
    logins.push(request.headers.authorization)
    answer(asked++, response)
  })
  const port = await listen(server)
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${port}/metrics`, logins }
}

const metrics = (cpuSeconds: number, dropped: number) =>
  `# TYPE x counter\nprocess_cpu_seconds_total ${cpuSeconds}\nprocess_resident_memory_bytes 5e6\nemqx_delivery_dropped{node="a"} ${dropped}\nemqx_messages_dropped 0\n`

describe('a Prometheus endpoint', { concurrency: 3 }, () => {
  test('over a run: its CPU by message, its memory, what it dropped, and each silence as a gap', async (t) => {
    const broker = await startRelayBroker()
    t.after(broker.close)
    const answers = [200, 200, 200, 500, 200]
    const { url } = await endpoint(t, (n, response) => {
      const status = answers[n] ?? 200
      response.writeHead(status).end(status === 200 ? metrics(n / 10, 3 * n) : 'no')
    })
    const settings = {
      load: { mode: 'paced', ratePerSecond: 500, arrival: 'uniform' },
      end: { by: 'duration', milliseconds: 3000 },
      warmupMs: 0,
      observed: [{ from: 'url', url }],
    } as const

    const { result, seconds } = await runBench(benchContext(broker, settings))

    const [figures] = result.observed ?? []
    assert.equal(figures?.source, `url:${url}`)
    assert.ok((figures?.cpu ?? 0) > 0 && (figures?.cpuMicrosecondsPerMessage ?? 0) > 0)
    assert.deepEqual(figures?.memoryBytes, { atStart: 5e6, atEnd: 5e6, most: 5e6 })
    assert.deepEqual(
      figures?.gaps.map(({ reason }) => reason),
      ['HTTP 500'],
    )
    assert.ok((figures?.dropped.emqx_delivery_dropped ?? 0) >= 9, JSON.stringify(figures?.dropped))
    const gaps = seconds.flatMap(({ observed = [] }) => observed).filter(({ gap }) => gap !== undefined)
    assert.deepEqual(
      gaps.map(({ cpu, memoryBytes, dropped, gap }) => [cpu, memoryBytes, dropped, gap]),
      [[null, null, null, 'HTTP 500']],
    )
  })

  test('that hangs holds up no second, and is told of as silent', async (t) => {
    const { url } = await endpoint(t, (n, response) => {
      if (n === 0) response.end(metrics(1, 0))
    })
    const source = new PrometheusSource(url, 'Basic YW5uOnBAc3M=')
    await source.open()
    const began = performance.now()

    assert.deepEqual(await source.read(), { gap: 'no answer' })
    assert.ok(performance.now() - began < 1500, 'long before its own deadline')
  })

  test('gets the login of its URL, and says it nowhere', async (t) => {
    const { url, logins } = await endpoint(t, (_, response) => response.writeHead(401).end())
    const source = new PrometheusSource(url, 'Basic YW5uOnBAc3M=')

    await assert.rejects(source.open(), (error: Error) => {
      assert.match(error.message, /HTTP 401/)
      return !JSON.stringify(error).includes('YW5u')
    })
    assert.deepEqual(logins, ['Basic YW5uOnBAc3M='])
  })

  const refused: ReadonlyArray<readonly [what: string, body: string, kind: string, said: RegExp]> = [
    ['without a metric that is known', 'go_goroutines 5\n', 'usage', /none of its metrics/],
    ['that says no such thing', '<html>hello</html>', 'usage', /none of its metrics/],
    ['with more than 16 MiB', `a 1\n${'#'.repeat(17 * 1024 * 1024)}`, 'unreachable', /more than 16 MiB/],
  ]
  for (const [what, body, kind, said] of refused) {
    test(`${what} is refused before a run`, async (t) => {
      const { url } = await endpoint(t, (_, response) => response.end(body))

      await assert.rejects(new PrometheusSource(url, undefined).open(), (error: Error & { kind: string }) => {
        assert.match(error.message, said)
        return error.kind === kind
      })
    })
  }

  test('that nobody serves is unreachable', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()

    await assert.rejects(new PrometheusSource(`http://127.0.0.1:${port}/`, undefined).open(), {
      kind: 'unreachable',
      message: /ECONNREFUSED/,
    })
  })
})
