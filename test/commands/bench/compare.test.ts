import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { type KnownRun, knownRun, timesAround } from '../../support/bench/known-runs.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()
const factors = [1.01, 0.98, 1.0, 1.02, 0.99, 1.015, 0.985, 1.005, 0.995, 1.0]
const runs = (middle: number, count: number, more: KnownRun = {}) =>
  factors.slice(0, count).map((factor) => JSON.stringify(knownRun({ ...timesAround(middle * factor), ...more })))

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

const base = file('base.ndjson', runs(1000, 10))
const same = file('same.ndjson', runs(1001, 10))
const slow = file('slow.ndjson', runs(1300, 10))
const five = file('five.ndjson', runs(1300, 5))
const invalid = file('invalid.ndjson', runs(1000, 10, { problem: 'the generator was the limit' }))
const fast = file('fast.json', runs(800, 1))
const compare = (...words: readonly string[]) => runCli(['bench', 'compare', ...words])

describe('bench compare', () => {
  for (const [what, words, code] of [
    ['the same', [base, '--against', same], 0],
    ['30 % slower', [base, '--against', slow], 9],
    ['30 % slower, where up to 50 % is no matter', [base, '--against', slow, '--max-regression', '50%'], 0],
    ['30 % slower, where only losses decide', [base, '--against', slow, '--metric', 'lost'], 0],
    ['30 % slower in five rounds', [base, '--against', five], 0],
    ['five rounds, strictly', [base, '--against', five, '--gate', 'strict'], 9],
    ['the same, strictly', [base, '--against', same, '--gate', 'strict'], 0],
    ['runs that are not valid', [base, '--against', invalid], 10],
    ['runs at another QoS', [base, '--against', file('qos.ndjson', runs(1000, 10, { qos: 2 }))], 2],
    ['a later broker', [base, '--against', file('later.ndjson', runs(1000, 10, { brokerVersion: '2.1' }))], 2],
    ['a later broker, --across', [base, '--against', join(folder, 'later.ndjson'), '--across'], 0],
    ['one run of another kind among those of a side', [base, '--against', same, join(folder, 'qos.ndjson')], 2],
    ['no base', ['--against', slow], 2],
    ['nothing against it', [base], 2],
    ['a metric that nobody knows', [base, '--against', slow, '--metric', 'p98'], 2],
    ['no percentage', [base, '--against', slow, '--max-regression', 'much'], 2],
    ['pairs of ten and five', [base, '--against', five, '--paired'], 2],
    ['a file that is not there', [base, '--against', join(folder, 'none.json')], 7],
  ] as const) {
    test(`${what}: exit ${code}`, async () => {
      assert.equal(await compare(...words).exitCode, code)
    })
  }

  test('one file against one is indicative only, and says so', async () => {
    const text = String(await compare(file('one.json', runs(1000, 1)), '--against', fast).stdout())

    assert.match(text, /indicative only: one run against one/)
    assert.match(text, /^p99 .*−20\.\d %.*\(better\)$|^p99 .*−20\.\d %/m)
    assert.match(text, /^verdict +indicative only/m)
  })

  test('many files on both sides, and a file that a tool has indented', async () => {
    const files = runs(1000, 10).map((line, index) => file(`single-${index}.json`, [line]))
    const pretty = file('pretty.json', [
      JSON.stringify(
        runs(1300, 10).map((line) => JSON.parse(line)),
        undefined,
        2,
      ),
    ])

    const text = String(await compare(...files, '--against', pretty).stdout())

    assert.match(text, /^bench compare: 10 runs against 10 runs/)
    assert.match(text, /^p50 +990 µs +1\.29 ms +\+30\.\d %.* worse$/m)
  })

  test('other circumstances are refused by their names, and said where they are compared all the same', async () => {
    const later = join(folder, 'later.ndjson')

    assert.match(
      await compare(base, '--against', later).stderr(),
      /broker\.version \(mosquitto version 2\.0\.11 against 2\.1\)[\s\S]*--across/,
    )
    assert.match(
      String(await compare(base, '--against', later, '--across').stdout()),
      /^differs +broker\.version: mosquitto version 2\.0\.11 against 2\.1$/m,
    )
  })

  test('a result without a fingerprint is refused as one, and not fact by fact', async () => {
    const bare = file(
      'bare.ndjson',
      runs(1000, 10).map((line) => JSON.stringify({ ...JSON.parse(line), fingerprint: undefined })),
    )
    const handle = compare(base, '--against', bare)

    assert.match(await handle.stderr(), /not of the same kind: fingerprint \(there against none\)\n/)
    assert.equal(await handle.exitCode, 2)
    assert.equal(await compare(bare, '--against', bare).exitCode, 2, 'two that have none agree on nothing')
  })

  test('what the rulers say of the machine is said', async () => {
    const [calm, slower] = [
      file('calm.ndjson', runs(1000, 10, { ruler: [1e6, 1.01e6] })),
      file('slower.ndjson', runs(1000, 10, { ruler: [0.9e6, 0.8e6] })),
    ]
    const text = String(await compare(calm, '--against', slower).stdout())

    assert.match(text, /^note +10 of 10 new runs are tainted/m)
    assert.match(text, /^note +the machine was 15\.\d % slower in the new runs/m)
    assert.doesNotMatch(text, /base runs are tainted/)
  })

  test('the example of docs/bench-compare.md is what it prints', async () => {
    const page = readFileSync(join('docs', 'bench-compare.md'), 'utf8')
    const [, words = '', shown] = /^\$ mqtt-cli (bench compare .*)\n([\s\S]*?)\n```/m.exec(page) ?? []

    assert.equal(String(await runCli(words.split(' ')).stdout()), `${shown}\n`)
  })

  test('a folder is all results in it', async () => {
    const saved = join(folder, 'saved')
    mkdirSync(saved)
    for (const [index, line] of runs(1300, 10).entries()) writeFileSync(join(saved, `${index}.ndjson`), `${line}\n`)

    assert.equal(await compare(base, '--against', saved).exitCode, 9)
    mkdirSync(join(folder, 'empty'))
    assert.equal(await compare(base, '--against', join(folder, 'empty')).exitCode, 2)
  })

  test('results come on standard input too', async () => {
    const handle = runCli(['bench', 'compare', '-', '--against', slow, '--json'], { stdin: readFileSync(base) })

    assert.equal(JSON.parse(String(await handle.stdout())).rounds.base, 10)
  })

  test('--json is what the schema says, whatever the comparison comes to', async () => {
    const schema = JSON.parse(readFileSync(join('docs', 'schemas', 'bench-comparison.schema.json'), 'utf8'))
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema)

    for (const words of [
      [base, '--against', slow],
      [base, '--against', five],
      [base, '--against', same, '--paired'],
      [fast, '--against', fast],
    ]) {
      const value = JSON.parse(String(await compare(...words, '--json').stdout()))
      assert.ok(validate(value), JSON.stringify(validate.errors))
    }
  })

  for (const [what, lines, told] of [
    ['a line that broke off', [...runs(1000, 2), '{"v":1,"type":"bench-re'], /line 3: it is no JSON/],
    ['something else', [...runs(1000, 1), '{"type":"message"}'], /line 2: it holds no result/],
    ['nothing', [], /it is empty/],
    ['an empty list', ['[]'], /it is empty/],
    ['a later version', [runs(1000, 1)[0]?.replace('"v":1', '"v":2') ?? ''], /it holds no result/],
    ['a distribution that is none', [JSON.stringify({ ...knownRun({}), histograms: { response: 'AAAA' } })], /result/],
  ] as const) {
    test(`a file with ${what} is refused, by its place: exit 7`, async () => {
      const handle = compare(base, '--against', file('broken.ndjson', lines))

      assert.match(String(await handle.stderr()), told)
      assert.equal(await handle.exitCode, 7)
    })
  }
})
