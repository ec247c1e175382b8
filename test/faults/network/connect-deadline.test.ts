import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { silentListenerMissing, startSilentListener } from '../../support/network/silent-listener.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const deadlineSeconds = '1.5'

describe('a broker that never answers', { concurrency: 6 }, () => {
  for (const args of [
    ['pub', '-t', 'a', '-m', 'b'],
    ['pub', '-l', '-t', 'a'],
    ['sub', '-t', 'a'],
  ]) {
    const command = args.slice(0, 2).join(' ')

    test(`fault 8: SYN swallowed: ${command} ends with 3 at its deadline`, {
      skip: silentListenerMissing,
    }, async (t) => {
      const silent = await startSilentListener()
      t.after(silent.close)

      await endsAtDeadline([...args, '-p', String(silent.port), '-h', silent.host])
    })

    test(`fault 8: TCP up, and no CONNACK: ${command} ends with 3 at its deadline`, async (t) => {
      const silent: Step[] = [{ expect: 'connect' }, { wait: 'client-close' }]
      const broker = await startScriptedBroker([silent, silent, silent]) // MQTT 5, 3.1.1 and 3.1
      t.after(broker.close)

      await endsAtDeadline([...args, ...broker.flags])
      assert.equal(broker.unexpected, 0, 'it tried again: the first connect is never retried')
    })
  }

  test('fault 8: a CONNACK that comes a byte at a time does not move the deadline', async (t) => {
    const connack = Buffer.from('2003000000', 'hex')
    const broker = await startScriptedBroker([
      [
        { expect: 'connect' },
        {
          run: (connection) => {
            let next = 0
            const dripping = setInterval(() => connection.send(connack.subarray(next, ++next)), 500)
            connection.wire.socket.once('close', () => clearInterval(dripping))
          },
        },
      ],
    ])
    t.after(broker.close)

    await endsAtDeadline(['sub', '-t', 'a', ...broker.flags])
  })

  test('fault 8: the deadline is 10 s by default', async (t) => {
    const broker = await startScriptedBroker([
      [{ wait: 'client-close' }],
      [{ wait: 'client-close' }],
      [{ wait: 'client-close' }],
    ])
    t.after(broker.close)
    const began = performance.now()

    const cli = runCli(['pub', '-t', 'a', '-m', 'b', ...broker.flags])

    assert.equal(await cli.exitCode, 3)
    assert.match(await cli.stderr(), /No CONNACK within 10 s/)
    assert.ok(performance.now() - began >= 10_000)
  })
})

async function endsAtDeadline(args: readonly string[]): Promise<void> {
  const began = performance.now()

  const cli = runCli([...args, '--connect-timeout', deadlineSeconds, '--json'])

  assert.equal(await cli.exitCode, 3)
  assert.equal(JSON.parse(await cli.stderr()).kind, 'unreachable')
  const tookMs = performance.now() - began
  assert.ok(tookMs >= 1500 && tookMs < 4000, `it took ${Math.round(tookMs)} ms`)
}
