import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import type { CeilingResult } from '../../../src/features/bench/ceiling/events.ts'
import { admitting, forwardsNothing, startRationedBroker } from '../../support/bench/rationed-broker.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const schemas = join(import.meta.dirname, '..', '..', '..', 'docs', 'schemas')
const schemaOf = (name: string) => JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), 'utf8'))
const ajv = new Ajv({ allowUnionTypes: true }).addSchema(schemaOf('bench-result'))
const isCeiling = ajv.compile(schemaOf('bench-max'))
const short = ['--step', '0.5', '--hold', '1', '--warmup', '0.2', '--drain', '1']

function max(words: readonly (string | number)[]) {
  return runCli(['bench', 'max', ...words.map(String), ...short], { timeLimitMs: 90_000 })
}

/** The object on stdout, held to the schema. */
async function ceilingOf(handle: ReturnType<typeof max>): Promise<CeilingResult> {
  const text = String(await handle.stdout())
  assert.notEqual(text, '', await handle.stderr())
  const result: unknown = JSON.parse(text)
  assert.equal(isCeiling(result), true, JSON.stringify(isCeiling.errors))
  return result as CeilingResult
}

describe('bench max', { concurrency: 3 }, () => {
  test('finds how many connections a broker takes', async () => {
    const broker = await startRationedBroker(admitting(37))
    const handle = max(['conn', ...broker.flags, '--slo', 'refused=0', '--start', 10, '--json'])

    const result = await ceilingOf(handle)
    broker.close()

    assert.equal(await handle.exitCode, 0)
    assert.equal(result.confirmedRatePerSecond, null)
    assert.ok(result.confirmedConnections! <= 37 && result.confirmedConnections! * 1.05 > 36, JSON.stringify(result))
    assert.equal(result.confirmed?.mode, 'conn')
    assert.ok(result.curve.some(({ connections, outcome }) => connections === 40 && outcome === 'failed'))
  })

  test('goes no further than --max-rate, confirms that, and draws it', async () => {
    const folder = temporaryFolder()
    const [report, kept] = [join(folder, 'max.html'), join(folder, 'kept')]
    const words = ['--embedded', '--slo', 'lost=0', '--start', '50', '--max-rate', '100', '--report', report]
    const handle = max([...words, '--save', kept])

    const text = String(await handle.stdout())
    const progress = await handle.stderr()

    assert.ok([0, 10].includes(await handle.exitCode), progress)
    if ((await handle.exitCode) === 0) {
      assert.match(text, /confirmed +100\/s, held for 1\.0 s and once more/)
      assert.match(text, /note +more than 100\/s was not to be tried/)
      assert.match(progress, /^probe +100\/s +for 500 ms/m)
    }
    assert.match(text, /probe +50\.0\/s .* (held|unusable)/)
    const page = readFileSync(report, 'utf8')
    assert.match(page, /"ratePerSecond":50,/)
    assert.match(page, /<table id="windows">/)
    const [name = ''] = readdirSync(kept)
    assert.match(name, /-max\.ndjson$/)
    assert.ok(isCeiling(JSON.parse(readFileSync(join(kept, name), 'utf8'))), JSON.stringify(isCeiling.errors))
  })

  test('has fan-out grow by subscribers, at the rate that is given', async () => {
    const slo = ['--slo', 'lost=0', '--slo', 'p99<5s']
    const handle = max(['fan-out', '--embedded', ...slo, '--rate', 20, '--start', 2, '--max-clients', 8, '--json'])

    const result = await ceilingOf(handle)

    assert.equal(result.axis, 'subscribers')
    assert.equal(result.curve[0]?.subscribers, 2)
    if ((await handle.exitCode) === 0) {
      assert.deepEqual([...new Set(result.curve.map(({ subscribers }) => subscribers))], [2, 4, 8])
      assert.equal(result.confirmedSubscribers, 8)
      assert.equal(result.confirmed?.publishers, 1)
      assert.equal(result.confirmed?.rates.asked, 20)
    }
  })

  test('exits 9 where nothing is good enough, and says at which rates', async () => {
    const broker = await startRationedBroker(forwardsNothing)
    const handle = max([...broker.flags, '--slo', 'lost=0', '--start', 100])

    const text = String(await handle.stdout())
    const said = await handle.stderr()
    broker.close()

    assert.match(text, /confirmed +nothing/)
    assert.match(text, /probe +100\/s .*(failed|unusable)/)
    if ((await handle.exitCode) === 10) return // this machine was the limit, down to the least
    assert.equal(await handle.exitCode, 9)
    assert.match(said, /wanted lost exactly 0 messages; \d+ messages?: failed/)
    assert.match(said, /Nothing was confirmed: lost=0/)
  })

  test('stopped by Ctrl-C it reports what it has, says that it stopped early, and exits 130', async () => {
    const handle = max(['--embedded', '--slo', 'lost=0', '--start', 20, '--max-rate', 20, '--hold', 50])
    await handle.whenStderr(/^hold /m)

    handle.kill('SIGINT')

    assert.equal(await handle.exitCode, 130)
    const text = String(await handle.stdout())
    assert.match(text, /confirmed +nothing/)
    assert.match(text, /probe +[\d.]+\/s .* held/)
    assert.match(text, /stopped early/)
  })

  for (const [words, said] of [
    [[], /needs to know what is good enough/],
    [['--slo', 'p99<20'], /compares a time with no time/],
    [['--slo', 'fast=1'], /knows no figure "fast"/],
    [['topics', '--slo', 'lost=0'], /has no load "topics"/],
    [['--slo', 'lost=0', '--rate', '5'], /--rate has no use/],
    [['conn', '--slo', 'refused=0', '--max-rate', '5'], /--max-rate has no use/],
    [['--slo', 'lost=0', '--start', '50', '--max-rate', '5'], /no more than 5 may be tried/],
    [['fan-out', '--slo', 'lost=0', '--publishers', '2'], /one publisher/],
    [['-h', 'broker.example.com', '--slo', 'lost=0'], /its owner agrees/],
    [['-h', 'broker.example.com', '--slo', 'lost=0', '--max-rate', '1001'], /--max-rate of at most 1000 needs no/],
    [['pub', '--embedded', '--slo', 'lost=0'], /does not measure lost/],
  ] as const) {
    test(`bench max ${words.join(' ')}: 2`, async () => {
      const handle = max(words)

      assert.equal(await handle.exitCode, 2)
      assert.match(await handle.stderr(), said)
      assert.equal(String(await handle.stdout()), '')
    })
  }

  test('begins at a host of somebody else at up to 1,000 a second', async () => {
    const handle = max(['-h', 'broker.invalid', '--slo', 'lost=0', '--max-rate', '1000'])

    assert.equal(await handle.exitCode, 3)
  })
})
