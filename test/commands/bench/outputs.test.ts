import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { benchRun } from '../../support/bench/bench-run.ts'
import { noTerminal, runOnTerminal } from '../../support/program/on-terminal.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { type RelayBroker, startRelayBroker } from '../../support/scripted-broker/relay-broker.ts'

const folder = temporaryFolder()
const file = (name: string) => join(folder, name)

let broker: RelayBroker
before(async () => {
  broker = await startRelayBroker()
})
after(() => broker.close())

const paced = (seconds: number) => ['--rate', '500', '--warmup', '0', '--duration', String(seconds)]
const bench = (...words: readonly string[]) => ['bench', '-p', String(broker.port), ...words]

describe('live', () => {
  test('on a terminal: a line a second with bars of throughput and p99, then the table', {
    skip: noTerminal,
  }, async () => {
    const { shown } = await runOnTerminal(bench(...paced(2), '--no-color'))

    assert.match(shown, /^ +1 s .*█.* \d+ in .*p99 .*[▁-█]/m)
    assert.match(shown, /^ +2 s .*[▁-█]{2}.* in .*p99 .*[▁-█]{2}/m)
    assert.match(shown, /^times +p50 +p90 +p95 +p99 +p99\.9 +max/m)
    assert.match(shown, /^verdict +/m)
  })

  test('in a pipe: plain lines, one a second, and no bars in them', async () => {
    const handle = runCli(bench(...paced(2)))
    const lines = (await handle.stderr()).trimEnd().split('\n')

    assert.match(
      lines[0] ?? '',
      /^ +1 s measure +(due \d+ +)?sent \d+ +received \d+ +(outstanding \d+ +)?[\d.]+ kB +p50 .* +p99 .* +cpu .* +loop /,
    )
    assert.match(lines[1] ?? '', /^ +2 s measure .*sent \d+/)
    assert.doesNotMatch(lines.join('\n'), /[▁-█\x1b]/)
    assert.doesNotMatch(String(await handle.stdout()), /\x1b/)
  })

  test('--quiet has neither', async () => {
    assert.equal(await runCli(bench('--quiet', ...paced(1))).stderr(), '')
  })
})

describe('--prometheus', () => {
  test('serves the figures of the present run, in the format of its text', async () => {
    const handle = runCli(bench(...paced(4), '--prometheus', '0'))
    const [, port] = await handle.whenStderr(/127\.0\.0\.1:(\d+)\/metrics/)
    await handle.whenStderr(/2 s measure/)
    const response = await fetch(`http://127.0.0.1:${port}/metrics`)
    const text = await response.text()

    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    for (const line of text.trimEnd().split('\n')) {
      assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+.\deE]+|)$/)
    }
    assert.match(text, /^mqtt_cli_bench_sent_total (99\d|1000|100\d)$/m)
    assert.match(text, /^mqtt_cli_bench_response_seconds\{quantile="0\.99"\} 0\.\d+$/m)
    handle.kill('SIGINT')
    assert.equal(await handle.exitCode, 130)
    await assert.rejects(fetch(`http://127.0.0.1:${port}/metrics`), 'and nothing after it')
  })
})

describe('--hdr', () => {
  test('has a line for each percentile, ascending to the last message, as HDR plotters read them', async () => {
    const { result } = await benchRun(['-p', broker.port, '--messages', '2000', '--hdr', file('a.hgrm')])
    const lines = readFileSync(file('a.hgrm'), 'utf8').split('\n')
    const rows = lines.filter((line) => /^ *\d/.test(line)).map((line) => line.trim().split(/\s+/).map(Number))

    assert.match(lines[0] ?? '', /^ +Value +Percentile +TotalCount +1\/\(1-Percentile\)$/)
    assert.ok(rows.length > 20)
    assert.deepEqual(
      rows.map(([value]) => value),
      rows.map(([value]) => value).sort((a = 0, b = 0) => a - b),
    )
    assert.equal(rows.at(-1)?.[2], 2000)
    assert.equal(rows.at(-1)?.[1], 1)
    assert.ok(Math.abs((rows.at(-1)?.[0] ?? 0) * 1000 - (result.response?.maxMicroseconds ?? 0)) < 1)
  })
})

describe('--save', () => {
  test('keeps what --json prints, a file for each run, also of runs at the same time', async () => {
    const words = ['-p', broker.port, '--messages', '100', '--save', file('kept/results')]
    const runs = await Promise.all([benchRun(words), benchRun(words)])

    const kept = readdirSync(file('kept/results')).map((name) => readFileSync(file(`kept/results/${name}`), 'utf8'))
    assert.deepEqual(
      kept.map((text) => JSON.parse(text)).sort((one, other) => (one.runId < other.runId ? -1 : 1)),
      runs.map(({ result }) => result).sort((one, other) => (one.runId < other.runId ? -1 : 1)),
    )
    assert.ok(kept.every((text) => /^[^\n]+\n$/.test(text)))
  })
})

describe('stopping', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`${signal} ends the load, drains, and reports: ${code}`, async () => {
      const handle = runCli(bench(...paced(60), '-q', '1', '--report', file(`${signal}.html`)))
      await handle.whenStderr(/1 s measure/)
      handle.kill(signal)

      assert.equal(await handle.exitCode, code)
      const text = String(await handle.stdout())
      const [, sent, acked] = /^messages +\S+ offered, (\S+) sent, (\S+) acked$/m.exec(text) ?? []
      assert.ok(sent !== undefined && Number(sent) > 400, text)
      assert.equal(acked, sent)
      assert.match(text, /^lost +0$/m)
      assert.ok(existsSync(file(`${signal}.html`)))
    })
  }

  test('a second SIGINT leaves at once', async (t) => {
    const silent = await startRelayBroker({ acknowledges: false, relay: () => {} })
    t.after(silent.close)
    const words = ['bench', 'pub', '-p', String(silent.port), '-q', '1', ...paced(60), '-F', '5']
    const handle = runCli(words)
    await handle.whenStderr(/1 s measure/)
    handle.kill('SIGINT')
    const stoppedMs = performance.now()
    const again = setInterval(() => handle.kill('SIGINT'), 50) // two at once would be one

    assert.equal(await handle.exitCode.finally(() => clearInterval(again)), 130)
    assert.ok(performance.now() - stoppedMs < 900, 'before the second that it drains for')
  })
})

describe('output that fails', () => {
  const isFull = existsSync('/dev/full') ? undefined : 'no /dev/full here'
  for (const flag of ['--csv', '--hdr', '--junit', '--report']) {
    test(`${flag} on a full disk: 7, and the result and the other files are there`, { skip: isFull }, async () => {
      const other = flag === '--junit' ? '--csv' : '--junit'
      const path = file(`beside${flag}`)
      const words = bench('--messages', '100', flag, '/dev/full', other, path, '--fail-if', 'sent>0')
      const handle = runCli(words)

      assert.equal(await handle.exitCode, 7, 'before 9')
      assert.match(await handle.stderr(), new RegExp(`${flag} could not be written: /dev/full \\(ENOSPC\\)`))
      assert.match(String(await handle.stdout()), /^threshold +FAIL wanted sent at most 0 /m)
      assert.ok(readFileSync(path, 'utf8').length > 0)
    })
  }

  for (const [what, folder] of [
    ['cannot be made', '/proc/results'],
    ['is a file', '/etc/hostname'],
  ] as const) {
    test(`--save to a folder that ${what} is told before the load: 7`, async () => {
      const handle = runCli(bench(...paced(60), '--save', folder))

      assert.equal(await handle.exitCode, 7)
      assert.match(await handle.stderr(), new RegExp(`--save could not be written: ${folder} \\(E[A-Z]+\\)`))
      assert.equal(String(await handle.stdout()), '')
    })
  }

  test('a file that can never be written is told before the load: 7', async () => {
    const handle = runCli(bench(...paced(60), '--csv', file('not/there.csv')))

    assert.equal(await handle.exitCode, 7)
    assert.match(await handle.stderr(), /there\.csv \(ENOENT\)/)
  })

  test('--github-summary outside a job of GitHub’s is told before the load: 2', async () => {
    const handle = runCli(bench(...paced(60), '--github-summary'), { env: { GITHUB_STEP_SUMMARY: undefined } })

    assert.equal(await handle.exitCode, 2)
  })

  for (const [conditions, code] of [
    [[], 0],
    [['--fail-if', 'sent>0'], 9],
  ] as const) {
    test(`a closed stdout is no failure, and hides none: ${code}`, async () => {
      const handle = runCli(bench('--messages', '100', ...conditions))
      handle.child.stdout.destroy()

      assert.equal(await handle.exitCode, code, await handle.stderr())
    })
  }
})
