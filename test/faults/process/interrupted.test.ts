import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

const subscribed: Step[] = [
  { expect: 'connect' },
  { send: '20020000' },
  { expect: 'subscribe' },
  { send: (last) => Buffer.from([0x90, 3, last[2] ?? 0, last[3] ?? 0, 0]) },
]

describe('a signal', { concurrency: 4 }, () => {
  for (const [signal, exitCode] of signals) {
    test(`fault 32: ${signal} to an idle sub: DISCONNECT, ${exitCode}, and not a word`, async (t) => {
      const broker = await scripted(t, subscribed)
      const sub = runCli(['sub', '-V', '4', ...broker.flags, '-t', 'a', '-v'])
      const connection = await broker.connection(0)
      await connection.scriptDone

      sub.kill(signal)

      assert.deepEqual([await sub.exitCode, await sub.stderr()], [exitCode, ''])
      assert.equal(connection.receivedTypes.at(-1), 'disconnect')
    })

    test(`fault 32: ${signal} to a pub -l that waits for more lines: DISCONNECT, ${exitCode}`, async (t) => {
      const broker = await scripted(t, [{ expect: 'connect' }, { send: '20020000' }])
      const pub = runCli(['pub', '-l', '-V', '4', ...broker.flags, '-t', 'a', '-q', '1'], { stdin: 'open' })
      const connection = await broker.connection(0)
      pub.child.stdin.write('one\n')
      await connection.whenPacket('publish')
      connection.send('40020001')

      pub.kill(signal)

      assert.equal(await pub.exitCode, exitCode)
      assert.doesNotMatch(await pub.stderr(), /nconfirmed,/)
      assert.equal(connection.receivedTypes.at(-1), 'disconnect')
    })

    for (const qos of [1, 2] as const) {
      test(`fault 32: ${signal} with a QoS ${qos} line under way: waits 2 s, names the line, DISCONNECT, ${exitCode}`, async (t) => {
        const { pub, connection } = await underWay(t, qos)
        const began = performance.now()

        pub.kill(signal)

        assert.equal(await pub.exitCode, exitCode)
        const tookMs = performance.now() - began
        assert.ok(tookMs >= 1900 && tookMs < 3500, `it took ${Math.round(tookMs)} ms`)
        assert.match(await pub.stderr(), /Unconfirmed[^\n]*lines 1\b/)
        assert.equal(connection.receivedTypes.at(-1), 'disconnect')
      })
    }

    test(`fault 32: ${signal} with an acknowledgement on its way: waits for it, and nothing is unconfirmed`, async (t) => {
      const { pub, connection } = await underWay(t, 1)

      pub.kill(signal)
      await new Promise((resolve) => setTimeout(resolve, 300)) // it waits; that the answer comes late is the point
      connection.send('40020001')
      const began = performance.now()

      assert.equal(await pub.exitCode, exitCode)
      assert.ok(performance.now() - began < 1500)
      assert.doesNotMatch(await pub.stderr(), /nconfirmed,/)
      assert.equal(connection.receivedTypes.at(-1), 'disconnect')
    })

    test(`fault 32: a second signal after ${signal} leaves at once`, async (t) => {
      const { pub, connection } = await underWay(t, 1)
      const began = performance.now()

      // A signal that is pending already is one signal: the second one has to be of the other kind.
      pub.kill(signal)
      pub.kill(signal === 'SIGINT' ? 'SIGTERM' : 'SIGINT')

      assert.ok([130, 143].includes(await pub.exitCode))
      assert.ok(performance.now() - began < 1000)
      assert.ok(!connection.receivedTypes.includes('disconnect'))
    })
  }

  const skip = spawnSync('python3', ['-c', 'import pty, termios']).status === 0 ? undefined : 'python3 is missing'
  test('fault 32: Ctrl-C on a terminal: 130, and the terminal is as it was', { skip }, async (t) => {
    const broker = await scripted(t, [...subscribed, { send: Buffer.from('3005000161706d', 'hex') }])
    const driver = join(import.meta.dirname, '..', '..', 'cli', 'fixture', 'on-terminal.py')
    const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
    const args = ['sub', '-V', '4', ...broker.flags, '-t', 'a']

    const cli = runCli(args, { program: ['python3', driver, 'pm', '\x03', process.execPath, program] })

    const { code, shown, restored } = JSON.parse((await cli.stdout()).toString())
    assert.deepEqual([code, restored], [130, true])
    assert.doesNotMatch(shown, /error/)
  })
})

async function scripted(t: TestContext, script: readonly Step[]) {
  const broker = await startScriptedBroker([script])
  t.after(broker.close)
  return broker
}

/** A line that the broker has, and does not acknowledge. */
async function underWay(t: TestContext, qos: 1 | 2) {
  const broker = await scripted(t, [{ expect: 'connect' }, { send: '20020000' }])
  const args = ['pub', '-l', '-V', '4', ...broker.flags, '-t', 'a', '-q', String(qos)]
  const pub = runCli(args, { stdin: 'open' })
  const connection = await broker.connection(0)
  pub.child.stdin.write('one\n')
  await connection.whenPacket('publish')
  return { pub, connection }
}
