import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { benchRun } from '../../support/bench/bench-run.ts'
import { runCli } from '../../support/program/run-cli.ts'

describe('bench', { concurrency: 3 }, () => {
  for (const [words, said] of [
    [['-t', 'bench/%rand_10'], /--topic: "%rand" is no place.*%rand\(10\)/s],
    [['-t', 'p/%rand(10)', '--filter', 'p/3'], /names a part of what --topic draws/],
    [['-I', 'x-%rand(3)'], /has no place in a client id/],
    [['--template', '{"n":%rand(10)}'], /"%rand" is no place.*%n\(/s],
    [['-c', '2', '-I', 'x-%i(0..0)'], /identifier of another/],
    [['--rate', '5/d'], /--rate is not a rate/],
  ] as const) {
    test(`${words.join(' ')}: 2`, async () => {
      const handle = runCli(['bench', '--embedded', ...words])

      assert.equal(await handle.exitCode, 2)
      assert.match(await handle.stderr(), said)
    })
  }

  test('--rate 120/m sends two a second', async () => {
    const { code, result } = await benchRun(['--embedded', '--rate', '120/m', '--warmup', 0, '--duration', 2])

    assert.ok(code === 0 || code === 10)
    assert.equal(result.rates.asked, 2)
    assert.equal(result.messages?.offered, 4)
  })

  test('--connect-rate 240/m begins four a second', async () => {
    const words = ['conn', '--embedded', '-c', 5, '--connect-rate', '240/m', '--duration', '0.1']
    const { code, result } = await benchRun(words)

    assert.equal(code, 0)
    assert.ok(result.connect.perSecond! < 6, `${result.connect.perSecond} a second`) // 4 over the second that five take
  })
})
