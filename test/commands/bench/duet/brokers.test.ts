import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { duet, shortDuet } from '../../../support/bench/duet-run.ts'
import { mosquittoMissing } from '../../../support/brokers/mosquitto.ts'
import { freePort } from '../../../support/network/free-port.ts'
import { runCli } from '../../../support/program/run-cli.ts'
import { type RelayBroker, startRelayBroker } from '../../../support/scripted-broker/relay-broker.ts'

const urlOf = (port: number) => `mqtt://127.0.0.1:${port}`

describe('bench duet that starts its brokers', { skip: mosquittoMissing() }, () => {
  let port: number
  let broker: RelayBroker
  before(async () => {
    port = await freePort()
    broker = await startRelayBroker()
  })
  after(() => broker.close())

  const withCommand = (command: string) => [
    ...['--a', urlOf(broker.port), '--b', urlOf(port), '--b-cmd', command],
    ...['--start-timeout', '5', ...shortDuet],
  ]
  const isFree = async () => {
    const handle = runCli(['pub', '-p', String(port), '-t', 'a', '-n', '--connect-timeout', '2'])
    return (await handle.exitCode) === 3
  }

  for (const [how, command] of [
    ['in the foreground', 'mosquitto -p PORT'],
    ['as a child of the shell', 'mosquitto -p PORT; echo over'],
    ['in the background, by a shell that stays', 'mosquitto -p PORT & wait'],
    ['as a daemon, by a shell that leaves', 'mosquitto -d -p PORT'],
    ['in a session of its own', 'setsid mosquitto -p PORT & wait'],
    ['deaf to SIGTERM', 'trap "" TERM; mosquitto -p PORT & while :; do sleep 1; done'],
  ] as const) {
    test(`${how}: each run has a start of its own, and nothing of it is left`, async () => {
      const { code, result, stderr } = await duet([...withCommand(command.replace('PORT', String(port))), '1'])

      assert.ok(code === 0 || code === 10, stderr)
      assert.deepEqual(
        result.runs.filter(({ side }) => side === 'b').map(({ start }) => start),
        ['b-1'],
      )
      assert.ok(await isFree())
    })
  }

  for (const [what, command, code, told] of [
    [
      'exits non-zero',
      'echo no such setting >&2; exit 3',
      7,
      /--b-cmd ended before it answered, with exit code 3: no such setting/,
    ],
    ['dies', 'kill -SEGV $$', 7, /--b-cmd ended before it answered, by SIGSEGV/],
    ['is not there', 'mosquitto-of-tomorrow', 7, /with exit code 127/],
    ['never answers', 'echo still thinking; sleep 60', 3, /--b-cmd did not answer within 1 s: still thinking/],
    ['leaves at once and never answers', 'true', 3, /--b-cmd did not answer within 1 s/],
  ] as const) {
    test(`a broker that ${what}: ${code}, and what was run is told`, async () => {
      const words = [...withCommand(command), '2', '--start-timeout', '1']
      const { code: ended, result, stderr } = await duet(words)

      assert.equal(ended, code, stderr)
      assert.match(stderr, told)
      assert.deepEqual(result.rounds, { wanted: 2, done: 0 })
      assert.equal(result.comparison, undefined)
      assert.equal(result.runs.length, 1)
    })
  }

  test('one that dies under load: 5', async () => {
    const command = `mosquitto -p ${port} & sleep 0.3; kill -KILL $!; exit 9`
    const { code, stderr } = await duet([...withCommand(command), '1', '--duration', '3', '--reconnect-for', '0'])

    assert.equal(code, 5, stderr)
    assert.match(stderr, /--b-cmd ended while it was under load, with exit code 9/)
  })

  test('another broker at its place is not measured in its stead: 7', async () => {
    const words = ['--a', urlOf(broker.port), '--a-cmd', 'sleep 10', '--b', urlOf(broker.port), ...shortDuet, '1']
    const { code, stderr } = await duet(words)

    assert.equal(code, 7)
    assert.match(stderr, /answers before it was started/)
  })

  test('Ctrl-C leaves nothing of it', async () => {
    const handle = runCli(['bench', 'duet', ...withCommand(`mosquitto -p ${port}; true`), '1', '--duration', '3'])
    await handle.whenStderr(/round 1 of 1 +A/)
    while (await isFree()) await new Promise((resolve) => setTimeout(resolve, 20)) // B is not there yet
    handle.kill('SIGINT')

    assert.equal(await handle.exitCode, 130)
    assert.ok(await isFree())
  })
})
