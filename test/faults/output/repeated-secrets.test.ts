import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { publishBytes } from '../../support/packets/publish-bytes.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { accepts, connackWith, grants, hexByte } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const canary = 'k4n4ry/Zz=7?secret'
const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64').replace(/=+$/, '')]
const hexForms = [
  Buffer.from(canary).toString('hex'),
  Buffer.from(canary)
    .toString('hex')
    .replaceAll(/(..)(?!$)/g, '$1 '),
]

/** Every text that MQTT 5 lets a server send in this packet. */
const reason = text('1f', canary)
const pair = `26 ${utf8(canary)} ${utf8(`x ${canary}`)}`
const talkative = `${reason} ${pair}`
const connack = connackWith(`${talkative} ${text('1c', canary)} ${text('1a', canary)}`)
const message = publishBytes(
  { topic: `a/${canary}`, payload: canary, properties: { userProperties: [[canary, canary]] } },
  5,
)

const refusesConnect = [
  { expect: 'connect' as const },
  { send: connackWith(`${talkative} ${text('1c', canary)}`, '86') },
]
const refusesPublish: Step[] = [
  ...accepts(5, connack),
  { expect: 'publish' },
  { send: withProperties('40', '0001 87', talkative) },
]
const disconnects: Step[] = [...accepts(5, connack), ...grants(5, '02', `${withProperties('e0', '98', talkative)}`)]
const comesBack: Step[] = [...accepts(5, connack), ...grants(5, '02', withProperties('e0', '8b', talkative))]
const delivers: Step[] = [...accepts(5, connack), ...grants(5, '02', message.toString('hex'))]
const plain: Step[] = [...accepts(5), ...grants(5, '02', '30 05 0001 61 00 78')]

const scenes: readonly (readonly [what: string, args: readonly string[], script: readonly Step[]])[] = [
  ['CONNACK to pub', ['pub', 'a', 'b'], refusesConnect],
  ['CONNACK to pub -l', ['pub', '-l', '-t', 'a'], refusesConnect],
  ['CONNACK to sub', ['sub', 'a'], refusesConnect],
  ['CONNACK to bench', ['bench', 'pub', '--duration', '1', '--warmup', '0'], refusesConnect],
  ['CONNACK to bench conn', ['bench', 'conn', '--duration', '1'], refusesConnect],
  ['CONNACK to inspect', ['inspect', 'a'], refusesConnect],
  ['PUBACK to pub', ['pub', 'a', 'b', '-q', '1'], refusesPublish],
  ['PUBACK to inspect', ['inspect', '--publish', 'a=b', '-q', '1', '-W', '2'], refusesPublish],
  ['DISCONNECT to sub', ['sub', 'a'], disconnects],
  ['DISCONNECT to inspect', ['inspect', 'a', '-C', '1'], disconnects],
  ['DISCONNECT before a reconnect', ['sub', 'a', '-C', '1'], comesBack],
  ['a message to inspect', ['inspect', 'a/#', '-C', '1'], delivers],
]

const styles: Readonly<Record<string, readonly (readonly string[])[]>> = {
  inspect: [
    ...['line', 'tree', 'hex', 'sequence', 'mermaid'].map((view) => ['--view', view]),
    ['--json'],
    ['--trace=json'],
  ],
  bench: [[], ['--json']],
  pub: [['--trace'], ['--trace=json', '--json'], ['--debug']],
  sub: [['--trace'], ['--trace=json', '--json'], ['--debug']],
}

describe('fault 34: a broker that repeats the password', { concurrency: 4 }, () => {
  for (const [what, args, script] of scenes) {
    const [command = ''] = args
    for (const style of styles[command] ?? []) {
      test(`in ${what} ${style.join(' ')}: it is nowhere in what we print`, async (t) => {
        const port = await scriptedPort(t, script)
        const login = ['-h', '127.0.0.1', '-p', `${port}`, '-V', '5', '-u', 'me', '-P', canary]
        const run = runCli([...args, ...login, ...style], { stdin: 'b\n' })
        const exitCode = await run.exitCode
        const printed = `${await run.stdout()}${await run.stderr()}`

        assert.notEqual(exitCode, 1, printed)
        assertSilent(printed)
      })
    }
  }

  test('in a message to sub: the payload is the payload, byte for byte, and the trace has none of it', async (t) => {
    const port = await scriptedPort(t, delivers)
    const login = ['-h', '127.0.0.1', '-p', `${port}`, '-V', '5', '-u', 'me', '-P', canary]
    const run = runCli(['sub', 'a/#', '-v', '-C', '1', '--trace', ...login])

    assert.equal((await run.stdout()).toString(), `a/${canary} ${canary}\n`)
    assertSilent(await run.stderr())
  })

  for (const view of ['line', 'tree', 'hex', 'sequence', 'json']) {
    test(`of a client that inspect proxy --view ${view} watches: it is nowhere in what we print`, async (t) => {
      const port = await scriptedPort(t, refusesConnect)
      const style = view === 'json' ? ['--json'] : ['--view', view]
      const proxy = runCli(['inspect', 'proxy', '--listen', '0', '--to', `mqtt://127.0.0.1:${port}`, ...style])
      t.after(() => proxy.kill('SIGKILL'))
      const [, listening = ''] = await proxy.whenStdout(/127\.0\.0\.1:(\d+)/)
      const pub = runCli(['pub', 'a', 'b', '-V', '5', '-p', listening, '-u', 'me', '-P', canary])

      assert.equal(await pub.exitCode, 4)
      proxy.kill('SIGINT')

      assertSilent(`${await proxy.stdout()}${await proxy.stderr()}`)
    })

    test(`in bytes that inspect decode --view ${view} reads: it is nowhere in what we print`, async () => {
      const login = `${utf8('a')} ${utf8('me')} ${utf8(canary)}`
      const connect = withLength('10', `0004 4d515454 05 c2 003c 00 ${login}`)
      const style = view === 'json' ? ['--json'] : ['--view', view]
      const run = runCli(['inspect', 'decode', ...style, connect, connackWith(talkative, '86')])

      assert.equal(await run.exitCode, 0, await run.stderr())
      assertSilent(`${await run.stdout()}${await run.stderr()}`)
    })
  }

  for (const head of [
    `HTTP/1.1 403 no ${canary}`,
    `HTTP/1.1 302 Found\r\nLocation: http://me:${canary}@b/?x=${canary}`,
    `HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: ${canary}`,
  ]) {
    test(`in HTTP, ${head.slice(9, 16)}: it is nowhere in what we print`, async (t) => {
      const server = createServer((socket) => {
        socket.on('error', () => {}).once('data', () => socket.end(`${head}\r\n\r\n`, 'latin1'))
      })
      server.listen(0, '127.0.0.1')
      t.after(() => server.close())
      await once(server, 'listening')
      const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt?token=${encodeURIComponent(canary)}`
      const header = `Authorization: Bearer ${canary}`

      const run = runCli(['pub', '-L', url, '-t', 'a', '-m', 'b', '-u', 'me', '-P', canary, '--ws-header', header])

      assert.equal(await run.exitCode, 3)
      assertSilent(await run.stderr())
    })
  }
})

describe('fault 34: a secret where something else belongs is not repeated', { concurrency: 4 }, () => {
  const url = `mqtt://me:${canary.replaceAll('/', '%2F')}@127.0.0.1:1`
  const usage: readonly (readonly string[])[] = [
    ['pub', `${url}/#`],
    ['pub', '-t', `${url}/#`, '-m', 'b'],
    ['pub', 'a', 'b', '-p', canary],
    ['broker', '-p', canary],
    ['broker', url],
    ['inspect', 'proxy', '--listen', '1884', '--to', url.replace('mqtt', 'http')],
    ['inspect', 'proxy', '--listen', '1884', '--to', `${url}:port`],
    [url],
  ]
  /** A URL that is taken for what it is: nobody listens there. */
  const unreachable: readonly (readonly string[])[] = [
    ['pub', `${url}/a`, 'b'],
    ['sub', `${url}/#`],
    ['inspect', url],
    ['pub', 'a', 'b', '-h', url],
    ['bench', 'pub', '-h', url],
    ['bench', url],
  ]
  for (const args of [...usage, ...unreachable]) {
    test(args.map((word) => word.replaceAll(canary, 'CANARY')).join(' '), async () => {
      for (const style of [[], ['--json']]) {
        const run = runCli([...args, ...style])

        assert.equal(await run.exitCode, usage.includes(args) ? 2 : 3)
        const shown = await run.stderr()
        for (const form of [canary, canary.replaceAll('/', '%2F')]) assert.ok(!shown.includes(form), shown)
      }
    })
  }
})

describe('our own words keep their letters, whatever the password is', { concurrency: 4 }, () => {
  for (const password of ['a', 'broker', 'connection', 'refused', 'home/door', '127.0.0.1']) {
    test(password, async (t) => {
      const shown = async (secret: string) => {
        const script: Step[] = [{ expect: 'connect' }, { send: '20 03 00 87 00' }]
        const port = await scriptedPort(t, script)
        const args = ['pub', 'home/door', 'b', '-h', '127.0.0.1', '-p', `${port}`, '-V', '5', '-i', 'me', '-u', 'me']
        const run = runCli([...args, '-P', secret, '--trace'])
        assert.equal(await run.exitCode, 4)
        return (await run.stderr()).replaceAll(/^ *\d+ µs +\+\d+ µs|\d+ B|after [\d.]+ \S+/gm, '')
      }

      assert.equal(await shown(password), await shown('another one'))
    })
  }
})

async function scriptedPort(t: TestContext, script: readonly Step[]): Promise<number> {
  const broker = await startScriptedBroker([script, plain], { otherwise: script })
  t.after(broker.close)
  return broker.port
}

function assertSilent(printed: string): void {
  for (const form of [...forms, ...hexForms]) {
    const at = printed.indexOf(form)
    if (at !== -1) assert.fail(printed.slice(Math.max(0, at - 300), at + form.length + 50))
  }
}

function utf8(value: string): string {
  const bytes = Buffer.from(value)
  return `${hexByte(bytes.length >> 8)}${hexByte(bytes.length & 255)} ${bytes.toString('hex')}`
}

function text(identifier: string, value: string): string {
  return `${identifier} ${utf8(value)}`
}

function withLength(firstByte: string, rest: string): string {
  return `${firstByte} ${hexByte(rest.replaceAll(/\s/g, '').length / 2)} ${rest}`
}

/** A packet with these properties behind `body`. */
function withProperties(firstByte: string, body: string, properties: string): string {
  const count = (hex: string) => hex.replaceAll(/\s/g, '').length / 2
  const rest = `${body} ${hexByte(count(properties))} ${properties}`
  return `${firstByte} ${hexByte(count(rest))} ${rest}`
}
