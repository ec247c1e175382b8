import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { publishBytes } from '../../support/packets/publish-bytes.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { accepts, grants, hexByte, serves } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

/** Clears the screen, and after a line end of either kind speaks to the runners of GitHub, Azure and TeamCity. */
const hostile = '\x1b[2J\r\n::set-output name=a::b\n##vso[task.complete]\r##teamcity[x]\x9b1m\u202eend'
/** The same for where # has a meaning of its own. */
const hostileLevel = hostile.replaceAll('#', '')
const obeyedByTerminals = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/
const obeyedByRunners = /^\s*::|##\w*\[/m

interface Scene {
  readonly what: string
  readonly args: readonly string[]
  readonly script: readonly Step[]
  readonly exitCode: number
}

const message = publishBytes(
  { topic: `a/${hostileLevel}`, payload: hostile, properties: { userProperties: [[hostile, hostile]] } },
  5,
)
const subscribed = serves(5, message.toString('hex'))
const refusesConnect = [...accepts(5, withReason('20', '00 87'))]
const refusesPublish = [...accepts(5), { expect: 'publish' as const }, { send: withReason('40', '0001 87') }]
const refusesFilters = [...accepts(5), ...grants(5, '87')]

const scenes: readonly Scene[] = [
  { what: 'the reason string of CONNACK', args: ['pub', 'a', 'b'], script: refusesConnect, exitCode: 4 },
  { what: 'the reason string of PUBACK', args: ['pub', 'a', 'b', '-q', '1'], script: refusesPublish, exitCode: 4 },
  {
    what: 'the reason string of DISCONNECT',
    args: ['sub', 'a'],
    script: serves(5, withReason('e0', '98')),
    exitCode: 4,
  },
  { what: 'a refused filter', args: ['sub', `a/${hostileLevel}`], script: refusesFilters, exitCode: 4 },
  {
    what: 'the note before a reconnect',
    args: ['sub', 'a', '-C', '1'],
    script: serves(5, withReason('e0', '8b')),
    exitCode: 0,
  },
  { what: 'a live inspection', args: ['inspect', 'a'], script: refusesConnect, exitCode: 4 },
  { what: 'a bench', args: ['bench', 'pub', '--duration', '1', '--warmup', '0'], script: refusesConnect, exitCode: 4 },
  { what: 'a topic that cannot be', args: ['pub', `${hostile}/#`, 'b'], script: [], exitCode: 2 },
  { what: 'an unknown option', args: ['pub', 'a', `--${hostile}`], script: [], exitCode: 2 },
  {
    what: 'a file that is not there',
    args: ['pub', 'a', '-f', `/nowhere/${hostile}`],
    script: accepts(5),
    exitCode: 7,
  },
  {
    what: 'a key that is not there',
    args: ['pub', 'a', 'b', '--cert', hostile, '--key', hostile],
    script: [],
    exitCode: 7,
  },
  { what: 'a value of the wrong kind', args: ['pub', 'a', 'b', '-q', hostile], script: [], exitCode: 2 },
]

describe('fault 51: hostile text on a stderr that is no terminal', { concurrency: 4 }, () => {
  for (const style of [['--trace'], ['--trace=json'], ['--json'], ['--debug']]) {
    for (const { what, args, script, exitCode } of scenes) {
      test(`${what}, with ${style}: nothing of it is obeyed, by a terminal or by a runner`, async (t) => {
        const port = await scriptedPort(t, script)
        const [command = '', ...rest] = args
        const shown = command === 'bench' && style[0]?.startsWith('--trace') ? [] : style
        const run = runCli([command, ...rest, '-h', '127.0.0.1', '-p', `${port}`, '-V', '5', ...shown])

        assert.equal(await run.exitCode, exitCode, await run.stderr())
        assertNotObeyed(await run.stderr())
      })
    }

    test(`a delivered message, with ${style}: the pipe has its bytes, stderr has them escaped`, async (t) => {
      const port = await scriptedPort(t, subscribed)
      const withoutJson = style.filter((word) => word !== '--json')
      const run = runCli(['sub', 'a/#', '-C', '1', '-p', `${port}`, '-h', '127.0.0.1', '-V', '5', ...withoutJson])

      assert.deepEqual(await run.stdout(), Buffer.from(`${hostile}\n`))
      assertNotObeyed(await run.stderr())
    })
  }

  for (const head of [
    `HTTP/1.1 403 ${'\x1b'}[2J##vso[x]\x9b1m`,
    `HTTP/1.1 302 Found\r\nLocation: http://a/\x9b1m##teamcity[x]`,
    `HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: ##[x]`,
  ]) {
    test(`a web server that answers ${JSON.stringify(head.slice(9, 22))}`, async (t) => {
      const server = createServer((socket) =>
        socket.on('error', () => {}).once('data', () => socket.end(`${head}\r\n\r\n`, 'latin1')),
      )
      server.listen(0, '127.0.0.1')
      t.after(() => server.close())
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo

      const run = runCli(['pub', '-L', `ws://127.0.0.1:${port}/mqtt`, '-t', 'a', '-m', 'b'])

      assert.equal(await run.exitCode, 3)
      assertNotObeyed(await run.stderr())
    })
  }

  test('a command that does not exist', async () => {
    const run = runCli([hostile])

    assert.equal(await run.exitCode, 2)
    assertNotObeyed(await run.stderr())
  })
})

async function scriptedPort(t: TestContext, script: readonly Step[]): Promise<number> {
  const plain = serves(5, '30 05 0001 61 00 78')
  const broker = await startScriptedBroker([script, plain])
  t.after(broker.close)
  return broker.port
}

function assertNotObeyed(stderr: string): void {
  assert.doesNotMatch(stderr, obeyedByTerminals, JSON.stringify(stderr))
  assert.doesNotMatch(stderr, obeyedByRunners, JSON.stringify(stderr))
}

/** A packet whose body ends with the hostile text as its Reason String. */
function withReason(firstByte: string, body: string): string {
  const text = Buffer.from(hostile)
  const rest = `${body} ${hexByte(text.length + 3)} 1f ${hexByte(text.length >> 8)}${hexByte(text.length & 255)} ${text.toString('hex')}`
  return `${firstByte} ${hexByte(rest.replaceAll(/\s/g, '').length / 2)} ${rest}`
}
