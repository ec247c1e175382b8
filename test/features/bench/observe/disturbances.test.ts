import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BenchEvent } from '../../../../src/features/bench/events.ts'
import { runBench } from '../../../../src/features/bench/run-bench.ts'
import { benchContext, type Changes } from '../../../support/bench/bench-settings.ts'
import { whenProcessEnded } from '../../../support/program/process-end.ts'
import { startRelayBroker } from '../../../support/scripted-broker/relay-broker.ts'

const rate = { mode: 'paced', ratePerSecond: 200, arrival: 'uniform' } as const
const aSecond = { by: 'duration', milliseconds: 1000 } as const

async function disturbed(command: string, atMs: number, changes: Changes = {}, told: BenchEvent[] = []) {
  const broker = await startRelayBroker()
  const settings = { load: rate, end: aSecond, warmupMs: 200, disturbances: [{ command, atMs }], ...changes }
  try {
    return await runBench(benchContext(broker, settings, told))
  } finally {
    broker.close()
  }
}

describe('a command that is run while a load runs', { concurrency: 3 }, () => {
  test('runs at its time of the window, and is told with how it ended and what it said', async () => {
    const told: BenchEvent[] = []

    const { result, seconds } = await disturbed('echo to stdout; echo to stderr >&2; exit 3', 300, {}, told)

    const [{ beganSecond, endedSecond, ...figures }] = result.disturbances as never as [Record<string, unknown>]
    const earliest = 0.498 // a timer of Node's may be a millisecond early
    assert.ok(Number(beganSecond) >= earliest && Number(endedSecond) >= Number(beganSecond), `${beganSecond}`)
    assert.deepEqual(
      { ...figures, output: String(figures.output).split('\n').sort().join(' ') },
      {
        command: 'echo to stdout; echo to stderr >&2; exit 3',
        dueSecond: 0.5,
        exitCode: 3,
        signal: null,
        wasKilled: false,
        output: ' to stderr to stdout',
        outputBytes: 20,
      },
    )
    const marked = seconds.filter(({ marks = [] }) => marks.length > 0)
    assert.deepEqual(
      marked.map(({ phase, marks }) => [phase, marks]),
      [['measure', ['echo to stdout; echo to stderr >&2; exit 3']]],
    )
    assert.equal(told.filter(({ event }) => event === 'disturbance').length, 1)
  })

  test('is killed at the end with what it started, where it still runs', async () => {
    const { result } = await disturbed('sleep 600 & echo $!; wait', 100)

    const [{ wasKilled, output, signal } = { wasKilled: false, output: '', signal: '' }] = result.disturbances ?? []
    assert.deepEqual([wasKilled, signal], [true, 'SIGTERM'])
    await whenProcessEnded(Number(output))
  })

  test('what it left behind is killed too, though it ended long before, and will not be asked', async () => {
    const stubborn = `trap '' TERM; sleep 600 & echo $!`
    const { result } = await disturbed(stubborn, 100)

    const [{ wasKilled, output, exitCode } = { wasKilled: true, output: '', exitCode: 1 }] = result.disturbances ?? []
    assert.deepEqual([wasKilled, exitCode], [false, 0])
    await whenProcessEnded(Number(output))
  })

  test('says much: the beginning is kept, and all of it counted', async () => {
    const { result } = await disturbed('head -c 3000000 /dev/zero | tr "\\0" x', 0)

    const [{ output, outputBytes } = { output: '', outputBytes: 0 }] = result.disturbances ?? []
    assert.deepEqual([output, outputBytes], ['x'.repeat(4096), 3_000_000])
  })

  test('is not run where the load is over before', async () => {
    const { result } = await disturbed('echo never', 5000, { end: { by: 'messages', count: 20 } })

    const [{ beganSecond, exitCode, output } = { beganSecond: 0, exitCode: 0, output: '?' }] = result.disturbances ?? []
    assert.deepEqual([beganSecond, exitCode, output], [null, null, ''])
  })

  test('that is no program is told by the shell', async () => {
    const { result } = await disturbed('no-such-program-of-ours', 0)

    assert.equal(result.disturbances?.[0]?.exitCode, 127)
    assert.match(result.disturbances?.[0]?.output ?? '', /not found/)
  })
})
