import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { runCli } from '../support/program/run-cli.ts'
import { accepts, endOf, grants, pingresp, runAgainst } from '../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../support/scripted-broker/scripted-broker.ts'

const schema = JSON.parse(readFileSync('docs/schemas/ping.schema.json', 'utf8'))
const isPing = new Ajv({ allErrors: true }).compile(schema)

async function output(...args: readonly string[]) {
  const cli = runCli(['ping', ...args])
  const exitCode = await cli.exitCode
  return { exitCode, stdout: (await cli.stdout()).toString(), stderr: await cli.stderr() }
}

describe('ping', () => {
  for (const version of [4, 5] as const) {
    test(`asks by PINGREQ at ${version}, tells the time, and leaves with DISCONNECT`, async (t) => {
      const broker = await startScriptedBroker([
        [...accepts(version), { expect: 'pingreq' }, { send: pingresp }, { expect: 'disconnect' }],
      ])
      t.after(broker.close)

      const { exitCode, stdout } = await output(...broker.flags, '-V', String(version))

      assert.equal(exitCode, 0)
      assert.match(stdout, /^MQTT (3\.1\.1|5), connected in \d+\.\d\d ms, PINGRESP in \d+\.\d\d ms\n$/)
      await broker.connections[0]?.scriptDone
    })
  }

  test('asks as often as was wanted, a line each', async () => {
    const { exitCode, stdout } = await output('--embedded', '-c', '3', '--interval', '0.01')

    assert.equal(exitCode, 0)
    assert.match(stdout, /^MQTT 5, connected .*\nPINGRESP in .* ms\nPINGRESP in .* ms\n$/)
  })

  test('publishes what nobody else knows, and has it back', async () => {
    const { exitCode, stdout } = await output('--embedded', '--round-trip', '-c', '2', '--interval', '0.01', '--json')

    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(exitCode, 0)
    assert.deepEqual(
      records.map(({ number, isRoundTrip }) => [number, isRoundTrip]),
      [
        [1, true],
        [2, true],
      ],
    )
    for (const record of records) assert.ok(isPing(record), JSON.stringify(isPing.errors))
  })
})

describe('no answer is no success', () => {
  test('nobody listens: 3', async () => {
    assert.equal((await output('-p', '1')).exitCode, 3)
  })

  test('the broker refuses: 4, and the reason', async (t) => {
    const broker = await startScriptedBroker([[{ expect: 'connect' }, { send: '20 03 00 87 00' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['ping', '-V', '5']))

    assert.deepEqual([end.exitCode, end.error.reasonCode], [4, 0x87])
  })

  test('the topic is refused: 4, and what needs no rights', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), ...grants(5, '87'), { expect: 'disconnect' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['ping', '-V', '5', '--round-trip']))

    assert.deepEqual([end.exitCode, end.error.reasonCode], [4, 0x87])
    assert.match(String(end.error.tries), /without --round-trip/)
  })

  test('PINGRESP never comes: 5, after the deadline', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { expect: 'pingreq' }, { wait: 'client-close' }]])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['ping', '-V', '5', '--answer-timeout', '0.2']))

    assert.equal(end.exitCode, 5)
    assert.match(end.error.message, /PINGRESP did not come within 0\.2 s/)
  })

  test('the message is granted and dropped: 5', async (t) => {
    const broker = await startScriptedBroker([
      [...accepts(5), ...grants(5, '00'), { expect: 'publish' }, { wait: 'client-close' }],
    ])
    t.after(broker.close)

    const end = await endOf(runAgainst(broker, ['ping', '-V', '5', '--round-trip', '--answer-timeout', '0.2']))

    assert.equal(end.exitCode, 5)
    assert.match(end.error.message, /the message did not come within 0\.2 s/)
  })

  test('the connection goes while it waits: 5', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { expect: 'pingreq' }, { close: 'fin' }]])
    t.after(broker.close)

    assert.equal((await endOf(runAgainst(broker, ['ping', '-V', '5']))).exitCode, 5)
  })

  test('-W runs out: 27', async (t) => {
    const broker = await startScriptedBroker([[...accepts(5), { expect: 'pingreq' }, { wait: 'client-close' }]])
    t.after(broker.close)

    assert.equal((await endOf(runAgainst(broker, ['ping', '-V', '5', '-W', '0.5']))).exitCode, 27)
  })

  test('Ctrl-C: 130, with DISCONNECT', async (t) => {
    const broker = await startScriptedBroker([
      [...accepts(5), { expect: 'pingreq' }, { send: pingresp }, { expect: 'disconnect' }],
    ])
    t.after(broker.close)
    const cli = runCli(['ping', ...broker.flags, '-V', '5', '-c', '100', '--interval', '60'])
    await cli.whenStdout(/PINGRESP/)

    cli.kill('SIGINT')

    assert.equal(await cli.exitCode, 130)
    await broker.connections[0]?.scriptDone
  })
})

for (const [args, says] of [
  [['a/b'], /ping takes a URL/],
  [['-t', 'a'], /--topic is where --round-trip publishes/],
  [['--round-trip', '-t', 'a/#'], /#/],
  [['-c', '0'], /--count/],
] as const) {
  test(`${args.join(' ')}: 2`, async () => {
    const { exitCode, stderr } = await output(...args)

    assert.equal(exitCode, 2)
    assert.match(stderr, says)
  })
}
