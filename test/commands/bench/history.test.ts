import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { parse } from 'csv-parse/sync'
import type { BenchHistory } from '../../../src/features/bench/history/history.ts'
import { type KnownRun, knownRun, timesAround } from '../../support/bench/known-runs.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const parent = temporaryFolder()
const schema = JSON.parse(readFileSync(join('docs', 'schemas', 'bench-history.schema.json'), 'utf8'))
const isHistory = new Ajv({ allErrors: true, strict: false }).compile(schema)

/** The run of a day of January. */
const dayRun = (day: number, known: KnownRun) => ({
  ...knownRun({ runId: String(day).padStart(8, '0'), ...known }),
  startedAt: `2026-01-${String(day).padStart(2, '0')}T03:04:05.000Z`,
})

function folder(name: string, files: Readonly<Record<string, readonly unknown[]>>): string {
  const place = join(parent, name)
  mkdirSync(place)
  for (const [file, records] of Object.entries(files)) {
    writeFileSync(join(place, file), records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  }
  return place
}

const days = (count: number, known: (day: number) => KnownRun) =>
  Array.from({ length: count }, (_, index) => dayRun(index + 1, known(index + 1)))
const rising = days(12, (day) => timesAround(1000 + 20 * day + (day % 2)))
const saturated = days(9, (day) => ({ throughput: 50_000 + 100 * (day % 3) }))
const mixed = folder('mixed', {
  'b.ndjson': rising.slice(6),
  'a.ndjson': rising.slice(0, 6),
  'other.ndjson': saturated,
})

const history = (...words: readonly string[]) => runCli(['bench', 'history', ...words])
async function historyJson(...words: readonly string[]) {
  const value: unknown = JSON.parse(String(await history(...words, '--json').stdout()))
  assert.equal(isHistory(value), true, JSON.stringify(isHistory.errors))
  return value as BenchHistory
}

describe('bench history', () => {
  test('shows the course of each load, metric by metric, in the order of its runs, and where it goes', async () => {
    const text = String(await history(mixed).stdout())

    assert.match(text, /^bench pubsub, at 1,000\/s, QoS 1, 1 to 1 clients, 64 bytes$/m)
    assert.match(text, /^bench pubsub, saturate, QoS 1/m)
    assert.match(text, /^runs +12 of 12, 2026-01-01 03:04 to 2026-01-12 03:04$/m)
    assert.match(text, /^p50 +1\.\d\d ms +1\.\d\d ms {2}▁[▁-█]{10}█ {2}worse: \+2\d\.\d % over them, p < 0\.001$/m)
    assert.match(text, /^throughput +50,000\/s +50,100\/s {2}[▁-█]{9} {2}no trend$/m)
  })

  test('--last takes the newest of each load, and says how many there are', async () => {
    const { loads } = await historyJson(mixed, '--last', '3', '--only', '1,000/s')

    assert.equal(loads.length, 1)
    assert.equal(loads[0]?.kept, 12)
    assert.deepEqual(
      loads[0]?.runs.map(({ runId }) => runId),
      ['00000010', '00000011', '00000012'],
    )
    assert.equal(loads[0]?.metrics[0]?.verdict, 'too few runs')
  })

  test('a run that is not valid is listed, and in no figure', async () => {
    const place = folder('invalid', {
      'a.ndjson': [...days(9, () => timesAround(1000)), dayRun(10, { ...timesAround(9000), problem: 'too busy' })],
    })
    const { loads } = await historyJson(place)

    assert.equal(loads[0]?.runs.at(-1)?.isValid, false)
    assert.equal(loads[0]?.metrics[0]?.values.at(-1), null)
    assert.match(String(await history(place).stdout()), /^not valid +1, and in no figure$/m)
  })

  test('losses are counted, run by run', async () => {
    const place = folder('losses', {
      'a.ndjson': days(3, (day) => ({ ...timesAround(1000), lost: day === 2 ? 5 : 0 })),
    })

    assert.match(String(await history(place).stdout()), /^lost +0 +0 {2}▁█▁ {2}in 1 of 3 runs$/m)
  })

  test('a last line that was cut off, and what is no result, are told by their place and skipped', async () => {
    const place = folder('cut', {
      'a.ndjson': days(2, () => timesAround(1000)),
      'b.ndjson': [{ v: 1, type: 'bench-duet' }, { type: 'message' }],
    })
    appendFileSync(join(place, 'a.ndjson'), '{"v":1,"type":"bench-re')
    writeFileSync(join(place, 'c.ndjson'), 'not JSON\n')
    const { loads, skipped } = await historyJson(place)

    assert.equal(loads[0]?.runs.length, 2)
    assert.deepEqual(
      skipped.map(({ place: where, problem }) => [where, problem.slice(0, 12)]),
      [
        ['a.ndjson, line 3', 'it is cut of'],
        ['b.ndjson, line 2', 'it is no res'],
        ['c.ndjson, line 1', 'it is no JSO'],
      ],
    )
    assert.equal(await history(place).exitCode, 0)
  })

  test('a folder without results has none', async () => {
    assert.match(String(await history(folder('empty', {})).stdout()), /^no results$/m)
  })

  for (const [what, words, code] of [
    ['no folder', [], 2],
    ['two folders', [mixed, mixed], 2],
    ['a folder that is not there', [join(parent, 'nowhere')], 7],
    ['a format that nobody reads', [mixed, '--export', 'xml'], 2],
    ['two forms at once', [mixed, '--export', 'bencher', '--json'], 2],
    ['one table for two loads', [mixed, '--export', 'otava-csv'], 2],
  ] as const) {
    test(`${what}: ${code}`, async () => {
      assert.equal(await history(...words).exitCode, code)
    })
  }
})

describe('bench history --export', () => {
  const exported = async (...words: readonly string[]) => String(await history(mixed, '--export', ...words).stdout())

  test('benchmark-action: what its customSmallerIsBetter reads, all with one direction', async () => {
    const benchmarks = JSON.parse(await exported('benchmark-action'))

    assert.ok(Array.isArray(benchmarks) && benchmarks.length > 6)
    for (const { name, value, unit, extra } of benchmarks) {
      assert.deepEqual(
        [name, value, unit, extra].map((each) => typeof each),
        ['string', 'number', 'string', 'string'],
      )
    }
    const names = benchmarks.map(({ name }) => name)
    assert.deepEqual(names, [...new Set(names)], 'a name is one course')
    const throughput = benchmarks.find(({ name }) => /throughput/.test(name))
    assert.deepEqual([throughput.value, throughput.unit], [20, 'µs'], '50,000 a second are 20 µs each')
  })

  /** https://bencher.dev/bmf.json */
  const bencherSchema = {
    type: 'object',
    additionalProperties: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['value'],
        additionalProperties: false,
        properties: { value: { type: 'number' }, lower_value: { type: 'number' }, upper_value: { type: 'number' } },
      },
    },
  }

  test('bencher: its metric format, by its own schema, in its units', async () => {
    const text: Readonly<Record<string, Record<string, { readonly value: number }>>> = JSON.parse(
      await exported('bencher'),
    )

    assert.equal(new Ajv().compile(bencherSchema)(text), true)
    const measures: Record<string, { readonly value: number }> = Object.assign({}, ...Object.values(text))
    assert.equal(measures.throughput?.value, 50_000)
    assert.ok(Math.abs((measures['latency-p50']?.value ?? 0) - 1_229_000) < 20_000, 'nanoseconds')
    assert.ok(Object.keys(text).every((name) => name.length <= 1024))
    assert.ok(
      Object.keys(measures).every((name) => /^[a-z0-9-]{1,64}$/.test(name)),
      'slugs',
    )
  })

  test('otava-csv: a row for each run, whose metrics are numbers and whose time is one', async () => {
    const rows = parse(await exported('otava-csv', '--only', '1,000/s'), { columns: true }) as Record<string, string>[]

    assert.equal(rows.length, 12)
    assert.deepEqual(Object.keys(rows[0] ?? {}), [
      'time',
      'run',
      'p50',
      'p95',
      'p99',
      'p99_9',
      'lost',
      'duplicate',
      'refused',
    ])
    for (const { time = '', run, ...metrics } of rows) {
      assert.match(time, /^2026-01-\d\d 03:04:05 \+0000$/)
      assert.match(run ?? '', /^\d{8}$/)
      assert.ok(Object.values(metrics).every((value) => value !== '' && Number.isFinite(Number(value))))
    }
  })

  test('otava-csv leaves out a metric that a run did not measure, and a run that is not valid', async () => {
    const place = folder('gaps', {
      'a.ndjson': [
        dayRun(1, timesAround(1000)),
        dayRun(2, {}),
        dayRun(3, { ...timesAround(1000), problem: 'too busy' }),
      ],
    })
    const text = String(await history(place, '--export', 'otava-csv').stdout())

    assert.deepEqual(
      text.split('\n').map((line) => line.split(',').length),
      [5, 5, 5, 1],
    )
    assert.match(text, /^time,run,lost,duplicate,refused$/m)
  })

  test('openmetrics: every line of its grammar, the unit at the end of each name, one end', async () => {
    const lines = (await exported('openmetrics')).split('\n')

    assert.deepEqual(lines.slice(-2), ['# EOF', ''])
    const [name, label] = ['[a-z_]+', '[a-z_]+="(?:[^"\\\\\\n]|\\\\["n\\\\])*"']
    const grammar = new RegExp(
      `^(# TYPE ${name} gauge|# UNIT (${name}_(\\w+)) \\3|# HELP ${name} .+|${name}\\{${label}(,${label})*\\} [\\d.e+-]+ \\d+(\\.\\d+)?)$`,
    )
    for (const line of lines.slice(0, -2)) assert.match(line, grammar)
    const first = Date.UTC(2026, 0, 1, 3, 4, 5) / 1000
    const p50 = lines.filter(
      (line) => line.includes('percentile="50"') && line.startsWith('mqtt_cli_bench_latency_seconds{'),
    )
    assert.deepEqual(
      p50.map((line) => Number(line.split(' ').at(-1))),
      Array.from({ length: 12 }, (_, day) => first + day * 86_400),
    )
    assert.ok(Math.abs(Number(p50[0]?.split(' ').at(-2)) - 0.001) < 0.0001, p50[0])
  })
})
