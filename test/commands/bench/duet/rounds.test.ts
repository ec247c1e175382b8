import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { DuetResult } from '../../../../src/features/bench/duet/duet-events.ts'
import { duet, shortDuet } from '../../../support/bench/duet-run.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../../support/brokers/mosquitto.ts'
import { startSlowLine } from '../../../support/network/slow-line.ts'
import { runCli } from '../../../support/program/run-cli.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'

const folder = temporaryFolder()
const file = (name: string) => join(folder, name)
const urlOf = (port: number) => `mqtt://127.0.0.1:${port}`

const metricOf = ({ comparison }: DuetResult, name: string) => comparison?.metrics.find(({ metric }) => metric === name)

describe('bench duet against two mosquittos', { skip: mosquittoMissing() }, () => {
  let one: Mosquitto
  let other: Mosquitto
  before(async () => {
    ;[one, other] = await Promise.all([startMosquitto(), startMosquitto()])
  })
  after(() => Promise.all([one.stop(), other.stop()]))

  test('finds the one behind a line of 250 ms worse in six rounds: 9, or 10 on a machine that is too busy', async (t) => {
    const line = await startSlowLine(other, { delayMs: 250 })
    t.after(line.close)

    const { code, result, stderr } = await duet(['--a', one.url, '--b', line.url, ...shortDuet, '6', '--metric', 'p50'])

    const p50 = metricOf(result, 'p50')
    assert.equal(p50?.verdict, 'worse', JSON.stringify(p50))
    assert.ok(
      p50.kind === 'quantity' && p50.newMedian - p50.baseMedian > 400_000,
      `${p50.kind === 'quantity' && p50.newMedian}`,
    )
    assert.equal(result.rounds.done, 6)
    assert.equal(metricOf(result, 'refused')?.verdict, 'equal')
    assert.equal(code, result.comparison?.isValid ? 9 : 10, stderr)
  })

  test('A against itself is never worse beyond a bound that no noise reaches; it says what it sees, and the next one knows', async () => {
    const words = ['--a', one.url, ...shortDuet, '6', '--save', file('noise'), '--seed', '7', '--metric', 'p50']
    const { code, result, stderr } = await duet(['--aa', '--max-regression', '1000%', ...words])

    assert.ok(code === 0 || code === 10, stderr)
    assert.match(stderr, /no noise of this load is recorded/)
    assert.notEqual(metricOf(result, 'p50')?.verdict, 'worse')
    assert.equal(result.targets.b, result.targets.a)
    assert.deepEqual(
      result.sight?.metrics.map(({ metric }) => metric),
      ['p50'],
    )
    assert.equal(result.expected, undefined)
    assert.deepEqual(
      readdirSync(file('noise'))
        .map((name) => /-(a|b|duet)\.ndjson$/.exec(name)?.[1])
        .sort(),
      ['a', 'b', 'duet'],
    )

    const later = await duet(['--b', other.url, ...words, '--rounds', '1'])
    assert.match(later.stderr, /by the noise that is recorded, one round finds/)
    assert.deepEqual(
      later.result.expected?.metrics.map(({ metric }) => metric),
      result.sight?.metrics.map(({ metric }) => metric),
    )
  })

  test('Ctrl-C in the middle: what was run is compared, and said to be partial; 130', async () => {
    const handle = runCli(['bench', 'duet', '--a', one.url, '--b', other.url, ...shortDuet, '100'])
    await handle.whenStderr(/round +3 of 100 +B/)
    handle.kill('SIGINT')

    assert.equal(await handle.exitCode, 130)
    const text = String(await handle.stdout())
    const [, done] = /^partial +it ended before its time: (\d+) of 100 rounds are whole/m.exec(text) ?? []
    assert.ok(Number(done) >= 3 && Number(done) < 100, text)
    assert.match(text, /^p50 .*\(\w+\)$|^p50 /m)
  })

  test('before each run its command runs, and knows which one it is', async () => {
    const told = file('told')
    const command = `echo "$MQTT_CLI_ROUND $MQTT_CLI_SIDE $MQTT_CLI_TARGET" >> ${told}`
    await duet(['--a', one.url, '--b', other.url, ...shortDuet, '2', '--before-round', command])

    assert.deepEqual(readFileSync(told, 'utf8').trim().split('\n'), [
      `1 a ${one.url}`,
      `1 b ${other.url}`,
      `2 b ${other.url}`,
      `2 a ${one.url}`,
    ])
  })

  test('each run has its ruler, and says whether this machine changed meanwhile', async () => {
    const { result } = await duet(['--a', one.url, '--b', other.url, ...shortDuet, '1', '--ruler', '0.3'])

    assert.equal(result.runs.length, 2)
    for (const { rulerDrift = 0, isTainted } of result.runs) assert.equal(isTainted, rulerDrift > 0.05)
    assert.equal(
      result.comparison?.notes.filter((note) => /runs are tainted/.test(note)).length,
      new Set(result.runs.filter(({ isTainted }) => isTainted).map(({ side }) => side)).size,
    )
  })

  test('a command before a run that fails ends it: 7, with its last words', async () => {
    const command = 'test "$MQTT_CLI_ROUND" = 1 || { echo no room left >&2; exit 4; }'
    const { code, result, stderr } = await duet([
      '--a',
      one.url,
      '--b',
      other.url,
      ...shortDuet,
      '3',
      '--before-round',
      command,
    ])

    assert.equal(code, 7)
    assert.match(stderr, /--before-round ended with exit code 4: no room left/)
    assert.equal(result.rounds.done, 1)
    assert.equal(result.comparison?.rounds.base, 1)
  })
})

describe('bench duet, before anything is sent', { concurrency: 2 }, () => {
  const ab = ['--a', urlOf(1), '--b', urlOf(2)]
  for (const [what, words, code] of [
    ['one broker only', ['--a', urlOf(1)], 2],
    ['A against itself and B', ['--aa', ...ab], 2],
    ['A against itself and a command for B', ['--aa', '--a', urlOf(1), '--b-cmd', 'true'], 2],
    ['a load that is none', ['sub', ...ab], 2],
    ['no rounds', [...ab, '--rounds', '0'], 2],
    ['a URL that is none', ['--a', 'mqtt://', '--b', urlOf(2)], 2],
    ['a host of somebody else', ['--a', 'mqtt://broker.example.com', '--b', urlOf(2)], 2],
    ['nobody there', ab, 3],
    ['a folder that cannot be made', [...ab, '--save', '/proc/results'], 7],
  ] as const) {
    test(`${what}: ${code}`, async () => {
      assert.equal(await runCli(['bench', 'duet', ...words]).exitCode, code)
    })
  }
})
