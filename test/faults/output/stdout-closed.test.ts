import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const message = Buffer.from('30050001617a 0a'.replaceAll(' ', ''), 'hex') // QoS 0, topic a

for (const format of [[], ['-v'], ['--json'], ['-F', '%t %p']]) {
  test(`fault 28: stdout closed: sub ${format.join(' ')} ends quietly with 0 within 1 s of the next message`, async (t) => {
    const broker = await startScriptedBroker([
      [
        { expect: 'connect' },
        { send: '20020000' },
        { expect: 'subscribe' },
        { send: (last) => Buffer.from([0x90, 3, last[2] ?? 0, last[3] ?? 0, 0]) },
        { send: message },
      ],
    ])
    t.after(broker.close)
    const sub = runCli(['sub', '-V', '4', ...broker.flags, '-t', 'a', ...format])
    const connection = await broker.connection(0)
    await sub.whenStdout(/z/)

    sub.child.stdout.destroy()
    await once(sub.child.stdout, 'close')
    connection.send(message)
    const began = performance.now()

    assert.deepEqual([await sub.exitCode, await sub.stderr()], [0, ''])
    assert.ok(performance.now() - began < 1000)
    await connection.whenPacket('disconnect')
  })
}

test('fault 28: sub | head -1 leaves no error behind in a shell', { skip: mosquittoMissing() }, async (t) => {
  const broker = await startMosquitto()
  t.after(() => broker.stop())
  const program = 'node bin/run.js'
  const target = broker.flags.join(' ')
  const lines = `seq 2000 | ${program} pub -l -r -t b ${target} -q 1`
  const shell = `set -o pipefail; (${program} sub ${target} -t b -q 1 --trace 2>/tmp/$$.trace || echo "sub: $?" >&2) | head -1 & `
  const script = `${shell} until grep -qs SUBACK /tmp/$$.trace; do :; done; ${lines}; wait $!; rm /tmp/$$.trace`

  const pipeline = runCli([], { program: ['bash', '-c', script] })

  assert.equal((await pipeline.stdout()).toString(), '1\n')
  assert.equal(await pipeline.stderr(), '')
})
