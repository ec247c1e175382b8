import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { accepts, endOf, runAgainst } from '../../support/scripted-broker/broker-steps.ts'
import { type ScriptedBroker, startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import { startWatchedBroker } from '../../support/scripted-broker/watched-broker.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const folder = temporaryFolder()
const file = (name: string) => {
  writeFileSync(join(folder, name), name)
  return join(folder, name)
}

describe('fault 56: what pub is given several times', { concurrency: 3 }, () => {
  for (const [what, args, sent] of [
    ['topics and messages', ['-t', 'a', '-t', 'b', '-m', 'one', '-m', 'two'], ['a one', 'b one', 'a two', 'b two']],
    ['files', ['-t', 'a', '-f', file('x'), '-f', file('y')], ['a x', 'a y']],
    ['topics and an empty message', ['-t', 'a', '-t', 'b', '-n'], ['a ', 'b ']],
    ['the whole of it, repeated', ['-t', 'a', '-t', 'b', '-m', 'x', '--repeat', '2'], ['a x', 'b x', 'a x', 'b x']],
    ['topics and the whole of stdin', ['-t', 'a', '-t', 'b', '-s'], ['a in', 'b in']],
  ] as const) {
    for (const qos of [0, 1, 2]) {
      test(`${what}, at QoS ${qos}: all go, in order, over one connection`, async (t) => {
        const broker = await startWatchedBroker()
        t.after(() => broker.close())
        const sub = runCli(['sub', '#', '-v', '-q', '2', '-C', `${sent.length}`, '-p', `${broker.port}`])
        await broker.when('subscribed')

        const pub = runCli(['pub', '-q', `${qos}`, '-p', `${broker.port}`, ...args], { stdin: 'in' })

        assert.equal(await pub.exitCode, 0, await pub.stderr())
        const expected = sent.map((line) => (line.endsWith(' ') ? `${line}(null)` : line))
        assert.deepEqual((await sub.stdout()).toString().trimEnd().split('\n'), expected)
        assert.equal(broker.events.filter(({ event }) => event === 'opened').length, 2)
      })
    }
  }

  test('a refusal of one of them names its topic, and ends with 4', async (t) => {
    const broker = await startScriptedBroker([
      [
        ...accepts(5),
        { expect: 'publish' },
        { expect: 'publish' },
        { send: '40 04 0001 00 00 40 04 0002 87 00' },
        { wait: 'client-close' },
      ],
    ])
    t.after(broker.close)

    const { exitCode, error } = await endOf(
      runAgainst(broker.port, ['pub', '-V', '5', '-q', '1', '-t', 'mine', '-t', 'theirs', '-m', 'x']),
    )

    assert.equal(exitCode, 4)
    assert.deepEqual([error.facts?.topic, error.facts?.refused, error.facts?.confirmed], ['theirs', 1, 1])
  })
})

describe('fault 55: an empty stdin', { concurrency: 2 }, () => {
  for (const script of ['false | "$@"', '"$@" < /dev/null']) {
    test(`${script}: nothing is sent, nothing is deleted, and it is 7`, async (t) => {
      const broker = await untouched(t)
      const words = ['pub', '-s', '-r', '-t', 'a', '-p', `${broker.port}`]
      const run = runCli([script, 'sh', process.execPath, program, ...words], { program: ['sh', '-c'] })

      assert.equal(await run.exitCode, 7)
      assert.match(await run.stderr(), /-n publishes an empty message/)
      assert.equal(broker.connections.length + broker.unexpected, 0)
    })
  }
})

describe('fault 25: bytes that are not UTF-8, in a shell', { concurrency: 3 }, () => {
  const bad = "$(printf 'a\\377b')"
  for (const [where, line] of [
    ['the password', `"$@" -u me -P "${bad}"`],
    ['the password of a variable', `MQTT_CLI_PASSWORD="${bad}" "$@" -u me`],
    ['the variable of --password-env', `OTHER="${bad}" "$@" -u me --password-env OTHER`],
    ['the user name', `"$@" -u "${bad}"`],
    ['a URL', `MQTT_CLI_URL="mqtt://me:${bad}@127.0.0.1" "$@"`],
    ['a percent-coded password', '"$@" -L mqtt://me:%ff@127.0.0.1'],
    ['a header', `"$@" --ws --ws-header "X: ${bad}"`],
    ['the name of a file', `"$@" --cafile "${bad}"`],
    ['a host', `"$@" -h "${bad}"`],
  ] as const) {
    test(`${where}: 2, and nothing is connected`, async () => {
      const run = runCli([line, 'sh', process.execPath, program, 'pub', 'a', 'b'], { program: ['sh', '-c'] })

      assert.equal(await run.exitCode, 2, await run.stderr())
      assert.match(await run.stderr(), /UTF-8/)
    })
  }
})

test('an empty host is a mistake of the command line, found at once', async () => {
  const run = runCli(['pub', 'a', 'b', '-h', ''])

  assert.equal(await run.exitCode, 2)
})

async function untouched(t: TestContext): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker([])
  t.after(broker.close)
  return broker
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

describe('an IPv6 address with its interface', { skip: hasIpv6 ? undefined : 'this machine has no IPv6' }, () => {
  for (const transport of ['mqtt', 'ws'] as const) {
    test(`${transport}://[::1%25lo]: is connected to, and the interface stays here`, async (t) => {
      const broker = await startWatchedBroker({ host: '::1', webSocketPort: 0 })
      t.after(() => broker.close())
      const port = transport === 'ws' ? broker.broker.webSocketAddress?.port : broker.port

      const run = runCli(['pub', '-L', `${transport}://[::1%25lo]:${port}`, '-t', 'a', '-m', 'b'])

      assert.equal(await run.exitCode, 0, await run.stderr())
      await broker.when('published')
    })
  }
})
