import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type BenchRun, finished } from '../../support/bench/bench-run.ts'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { startSlowLine } from '../../support/network/slow-line.ts'
import { faketimeLibrary } from '../../support/program/faketime-library.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const library = faketimeLibrary()
const withFaketime = library === undefined ? 'not installed: faketime (Debian: faketime)' : undefined
const aheadMicroseconds = 500_000
/** Two processes of one machine read its clock when they start: within this they read the same. */
const sameClockMicroseconds = 2000

let runs = 0

const folder = temporaryFolder()
const distributionOf = (index: number) => join(folder, `${index}.hgrm`)

/** Two shards of one run, whose subscribers have their publishers on the other; the second has a clock of its own. */
async function apart(words: readonly string[], clock: string): Promise<readonly [BenchRun, BenchRun]> {
  const run = ['--run', `clocks-${process.pid}-${runs++}`, '--no-pair', '-q', '1', '-c', '4', '--rate', '200']
  const elsewhere = { LD_PRELOAD: library ?? '', FAKETIME: clock, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
  const shard = (index: number, env: Readonly<Record<string, string>>) => {
    const part = ['--shard', `${index}/2`, '--json', '--hdr', distributionOf(index)]
    return finished(runCli(['bench', ...words, ...run, '--duration', '1', ...part], { env }))
  }
  return Promise.all([shard(1, {}), shard(2, elsewhere)])
}

function clockOf({ result }: BenchRun) {
  const { offsetMicroseconds, errorMicroseconds } = result.shard?.clocks?.[0] ?? assert.fail('no clock was looked at')
  assert.ok(offsetMicroseconds !== null && errorMicroseconds !== null)
  return { offsetMicroseconds, errorMicroseconds }
}

describe('shards on two machines', { skip: mosquittoMissing() ?? withFaketime }, () => {
  let broker: Mosquitto
  before(async () => {
    broker = await startMosquitto()
  })
  after(() => broker.stop())

  for (const [clock, ahead] of [
    ['+0.5s', aheadMicroseconds],
    ['-0.5s', -aheadMicroseconds],
  ] as const) {
    test(`whose clocks differ by ${clock} each know it, within the error that they state`, async () => {
      const [first, second] = await apart(broker.flags, clock)

      for (const [run, truth] of [
        [first, ahead],
        [second, -ahead],
      ] as const) {
        const { offsetMicroseconds, errorMicroseconds } = clockOf(run)
        const off = Math.abs(offsetMicroseconds - truth)
        assert.ok(off <= errorMicroseconds + sameClockMicroseconds, `${offsetMicroseconds} ±${errorMicroseconds}`)
        assert.equal(run.result.response?.clockErrorMicroseconds, errorMicroseconds)
        const isTold = run.result.response?.p50Microseconds !== null
        const file = readFileSync(distributionOf(run === first ? 1 : 2), 'utf8')
        assert.equal(/Total count +=? +0\b/.test(file), !isTold, 'what the result does not tell is in no file either')
      }
    })
  }

  test('tell the latency of a line that is long beside that error, and not the difference of their clocks', async (t) => {
    const line = await startSlowLine(broker, { delayMs: 50 })
    t.after(line.close)

    const runs = await apart([...line.flags, '--rendezvous', `mqtt://127.0.0.1:${broker.port}`], '+0.5s')

    for (const run of runs) {
      const { response, arrivals } = run.result
      const { errorMicroseconds } = clockOf(run)
      const p50 = response?.p50Microseconds ?? Number.NaN
      assert.ok(errorMicroseconds * 10 <= p50, `${p50} ±${errorMicroseconds}`)
      assert.ok(p50 >= 100_000 - errorMicroseconds - sameClockMicroseconds, `50 ms there and 50 ms on: ${p50}`)
      assert.ok(p50 < aheadMicroseconds, `${p50}`)
      assert.equal(response?.count, arrivals?.received)
    }
  })

  test('have no clocks to compare where each publisher has its subscriber beside it', async () => {
    const words = ['bench', ...broker.flags, '-c', '2', '--messages', '20', '--rate', '200', '--json']
    const place = ['--run', `clocks-${process.pid}-${runs++}`, '--shard']
    const shards = [1, 2].map((index) => finished(runCli([...words, ...place, `${index}/2`])))

    for (const { result } of await Promise.all(shards)) {
      assert.equal(result.shard?.clocks, undefined)
      assert.equal(result.response?.clockErrorMicroseconds, undefined)
    }
  })
})
