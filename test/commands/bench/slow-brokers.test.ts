import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { benchRun } from '../../support/bench/bench-run.ts'
import { type SlowBrokerOptions, startSlowBroker } from '../../support/bench/slow-broker.ts'
import { listen } from '../../support/network/free-port.ts'
import { runCli } from '../../support/program/run-cli.ts'

const timed = ['--duration', '3', '--warmup', '0', '--drain', '1']
const strike = (refuses: 'read' | 'acknowledge' | 'anything' | 'subscribe', afterPublishes = 200) => ({
  perSecond: 1000,
  strike: { afterPublishes, refuses },
})

describe('a broker that does not do its part, by exit code [fault 47]', { concurrency: 2 }, () => {
  const rows: ReadonlyArray<
    readonly [what: string, broker: SlowBrokerOptions, words: readonly string[], code: number, said: RegExp]
  > = [
    ['stops reading: 10', strike('read'), ['pub'], 10, /not valid: nothing moved for .* did not read/],
    ['falls silent: 10', strike('anything'), [], 10, /not valid: nothing moved for .* owed \d+ deliveries/],
    [
      'stops acknowledging: 5 before 10',
      strike('acknowledge'),
      ['pub', '-q', '1', '-F', '9'],
      5,
      /9 messages .* not conf/,
    ],
    [
      'falls silent, with a gate that fails too: 10 before 9',
      strike('anything'),
      ['--fail-if', 'sent>0'],
      10,
      /not valid/,
    ],
    [
      'takes longer than a gate allows: 9',
      { perSecond: 500 },
      ['--fail-if', 'p99>20ms'],
      9,
      /wanted p99 at most 20 ms; .*: failed/,
    ],
    [
      'answers no SUBSCRIBE: 5',
      strike('subscribe', 0),
      ['--connect-timeout', '1'],
      5,
      /did not answer SUBSCRIBE within 1 s/,
    ],
  ]
  for (const [what, options, words, code, said] of rows) {
    test(what, async (t) => {
      const broker = await startSlowBroker(options)
      t.after(broker.close)

      const run = await benchRun([...words, '-p', broker.port, ...timed])

      assert.equal(run.code, code, run.stderr)
      assert.match(run.stderr, said)
    })
  }

  test('takes connections and says nothing: 3', async (t) => {
    const server = createServer((socket) => socket.on('error', () => {}))
    const port = await listen(server)
    t.after(() => server.close())

    const handle = runCli(['bench', '-p', String(port), '--connect-timeout', '1', ...timed])

    assert.equal(await handle.exitCode, 3)
  })
})
