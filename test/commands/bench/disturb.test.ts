import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { benchRun } from '../../support/bench/bench-run.ts'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { whenProcessEnded } from '../../support/program/process-end.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const folder = temporaryFolder()

describe('bench --disturb', { concurrency: 2 }, () => {
  test('mosquitto killed and started again: everything sent has an end, and the series says when', {
    skip: mosquittoMissing(),
  }, async (t) => {
    const broker = await startMosquitto()
    t.after(broker.stop)
    const csv = join(folder, 'killed.csv')
    const gone = `kill -9 ${broker.pid}; while kill -0 ${broker.pid} 2>/dev/null; do sleep 0.01; done`
    const again = `${gone}; exec mosquitto -c ${broker.configPath}` // its port is free when it is gone, and not before
    const load = ['-q', '1', '--rate', '200', '--duration', '6', '--warmup', '0', '--csv', csv]

    const run = await benchRun([...broker.flags, ...load, '--disturb', `${again}@1s`, '--fail-if', 'lost.acked>999999'])

    const { arrivals, messages, disturbances = [], connect, verdict } = run.result
    assert.equal(messages?.sent, (messages?.acked ?? 0) + (messages?.unconfirmed ?? 0))
    const { expected = 0, received = 0, lost = 0, lostAcked = -1, lateToArrive = 0 } = arrivals ?? {}
    assert.equal(expected, received + lost + lateToArrive)
    assert.ok(lostAcked !== null && lostAcked >= 0 && lostAcked <= lost, `${lostAcked} of ${lost}`)
    assert.equal(connect.reconnected, 2)
    assert.deepEqual([disturbances[0]?.wasKilled, disturbances[0]?.command], [true, again])
    assert.doesNotMatch(verdict.problems.join(), /nothing moved/)
    const marked = readFileSync(csv, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(again))
    assert.equal(marked.length, 1)
    await whenProcessEnded(broker.pid)
  })

  test('is said on stderr when it happens, with nothing in it that a terminal obeys', async () => {
    const load = ['bench', '--embedded', '--rate', '100', '--duration', '0.6', '--warmup', '0']
    const run = runCli([...load, '--disturb', 'printf "\\033[31mred"; : \x1b[2J @200ms'])

    assert.match(await run.stderr(), /disturbed: printf/)
    const shown = `${await run.stdout()}${await run.stderr()}`
    assert.match(shown, /disturbed +at \d.*exit 0 after \d.*it said: .*red/)
    assert.doesNotMatch(shown, /\x1b/)
  })

  test('ends with the program, also where that is ended in a hurry', async () => {
    const load = ['bench', '--embedded', '--rate', '100', '--duration', '30', '--warmup', '0']
    const pidFile = join(folder, 'pid')
    const run = runCli([...load, '--disturb', `sh -c 'trap "" TERM; echo $$ > ${pidFile}; echo up; sleep 600'@0`])
    await run.whenStderr(/disturbed/)
    await run.whenStderr(/1 s/)

    run.kill('SIGINT')
    run.kill('SIGINT')

    assert.equal(await run.exitCode, 130)
    await whenProcessEnded(Number(readFileSync(pidFile, 'utf8')))
  })

  const refused: ReadonlyArray<readonly [what: string, words: readonly string[], said: RegExp]> = [
    ['without a time', ['--disturb', 'kill -9 1'], /does not say what to do and when/],
    ['without a command', ['--disturb', '@3s'], /does not say what to do and when/],
    ['at no time', ['--disturb', 'kill user@host'], /not a duration: "host"/],
    ['after the end', ['--disturb', 'true@10s', '--duration', '10'], /is after the 10 s/],
    ['a host elsewhere', ['--disturb', 'true@1s', '--rate', '10', '-h', 'broker.example.com'], /may harm it/],
  ]
  for (const [what, words, said] of refused) {
    test(`${what}: 2, and nothing is run`, async () => {
      const run = runCli(['bench', ...words])

      assert.equal(await run.exitCode, 2)
      assert.match(await run.stderr(), said)
    })
  }
})
