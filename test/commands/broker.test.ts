import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Ajv } from 'ajv'
import { mosquittoMissing } from '../support/brokers/mosquitto.ts'
import { foreignClients } from '../support/clients/foreign-clients.ts'
import { PacketClient } from '../support/clients/packet-client.ts'
import { freePort, listen } from '../support/network/free-port.ts'
import { publish } from '../support/packets/packets.ts'
import { type CliHandle, runCli } from '../support/program/run-cli.ts'
import { temporaryFolder } from '../support/program/temp-folder.ts'
import { writeCertificates } from '../support/transports/certificates.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const schemaOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url), 'utf8'))
const isBrokerEvent = new Ajv({ strict: true, strictRequired: false }).compile(schemaOf('broker-event'))
const isTrace = new Ajv({ strict: true, strictRequired: false }).compile(schemaOf('trace'))

interface Started {
  readonly broker: CliHandle
  readonly port: number
}

async function start(...args: readonly string[]): Promise<Started> {
  const broker = runCli(['broker', '-p', '0', ...args])
  after(() => broker.kill('SIGKILL')) // a test that fails leaves none behind
  const [, port] = await broker.whenStdout(/:(\d+)(?:"|\n)/)
  return { broker, port: Number(port) }
}

async function stopped({ broker }: Started, signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
  broker.kill(signal)
  return broker.exitCode
}

describe('broker --trace', () => {
  test('shows each client’s packets in both directions, tied to their handshake, and no password', async () => {
    const started = await start('--trace')
    const first = await PacketClient.open(started.port, { username: 'ada', password: Buffer.from('canary-6612') })
    first.send(publish({ topic: 'a', qos: 2, packetId: 7 }))
    await first.when('pubrec')
    first.send({ type: 'pubrel', packetId: 7, reasonCode: 0, properties: {} })
    await first.when('pubcomp')
    const second = await PacketClient.open(started.port)
    second.close()
    first.close()
    await started.broker.whenStderr(/c2 → CONNECT/)

    await stopped(started)

    const lines = (await started.broker.stderr()).trimEnd().split('\n')
    const ofFirst = lines.filter((line) => !line.includes(' c2 '))
    assert.deepEqual(
      ofFirst.slice(0, 6).map((line) => /[→←] [A-Z]+/.exec(line)?.[0]),
      ['→ CONNECT', '← CONNACK', '→ PUBLISH', '← PUBREC', '→ PUBREL', '← PUBCOMP'],
    )
    assert.match(ofFirst[5] ?? '', /complete in \d+ µs/)
    assert.match(ofFirst[0] ?? '', /password=\*\*\*/)
    assert.doesNotMatch(lines.join(), /canary-6612/)
  })

  test('as JSON writes records that the schema of traces takes, numbered by connection', async () => {
    const started = await start('--trace=json')
    for (let count = 0; count < 2; count++) (await PacketClient.open(started.port)).close()
    await started.broker.whenStderr(/"connection":2.*"connack"/)

    await stopped(started)

    const records = (await started.broker.stderr())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const record of records) assert.ok(isTrace(record), JSON.stringify(isTrace.errors))
    assert.deepEqual(new Set(records.map(({ connection }) => connection)), new Set([1, 2]))
  })
})

describe('broker', () => {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    test(`prints its address when it listens, and ${signal} ends it with ${code}, its clients told 0x8B`, async () => {
      const started = await start()
      const client = await PacketClient.open(started.port)

      const exitCode = await stopped(started, signal)
      await client.raw.whenClosed()

      assert.equal(exitCode, code)
      assert.equal((await started.broker.stdout()).toString(), `mqtt://127.0.0.1:${started.port}\n`)
      assert.equal(await started.broker.stderr(), '')
      assert.deepEqual(
        client.all('disconnect').map(({ reasonCode }) => reasonCode),
        [0x8b],
      )
    })
  }

  test('with --json and --verbose writes addresses to stdout and events to stderr, as the schema has them', async () => {
    const started = await start('--json', '-v', '--ws-port', '0', '--deny', 'secret')
    const client = await PacketClient.open(started.port, { clientId: 'me' })
    client.send(publish({ topic: 'secret', qos: 1, packetId: 1 }), publish({ topic: 'a', qos: 1, packetId: 2 }))
    await client.when('puback', 2)
    client.close()
    await started.broker.whenStderr(/"closed"/)

    await stopped(started)

    const lines = `${await started.broker.stdout()}${await started.broker.stderr()}`.trimEnd().split('\n')
    const records = lines.map((line) => JSON.parse(line))
    for (const record of records) assert.ok(isBrokerEvent(record), JSON.stringify([record, isBrokerEvent.errors]))
    const types = records.map(({ type }) => type)
    assert.deepEqual(types, ['listening', 'listening', 'opened', 'connected', 'denied', 'published', 'closed'])
  })

  test('tells its version under $SYS, and keeps from a user what --deny-user says', async () => {
    const users = join(folder, 'two-users')
    writeFileSync(users, 'anna:a\nbob:b\n', { mode: 0o600 })
    const started = await start('--password-file', users, '--deny-user', 'anna', 'secret/#')
    const as = (username: string) => ['-p', String(started.port), '-u', username, '-P', username.slice(0, 1)]

    const version = runCli(['sub', ...as('anna'), '$SYS/broker/version', '-C', '1'])
    const refused = runCli(['pub', ...as('anna'), '-q', '1', 'secret/a', 'x'])
    const taken = runCli(['pub', ...as('bob'), '-q', '1', 'secret/a', 'x'])

    assert.match((await version.stdout()).toString(), /^mqtt-cli version \d+\.\d+\.\d+/)
    assert.deepEqual([await refused.exitCode, await taken.exitCode], [4, 0])
    await stopped(started)
  })

  test('with --verbose says which rule a client broke', async () => {
    const started = await start('-v')
    const client = await PacketClient.open(started.port)

    client.raw.send(Buffer.of(0xc1, 0))
    await client.raw.whenClosed()
    await started.broker.whenStderr(/bad PINGREQ: .*\[MQTT-2\.1\.3-1\]/)

    assert.equal(await stopped(started), 143)
  })

  test('lets in the users of --password-file, over TLS with --cert and --key', async () => {
    const { caFile, certFile, keyFile } = writeCertificates(folder)
    const users = join(folder, 'users')
    writeFileSync(users, 'anna:secret-canary\n', { mode: 0o644 })
    const tls = ['--cert', certFile('server'), '--key', keyFile('server')]
    const started = await start(...tls, '--password-file', users, '-v')
    const publisher = ['pub', '-h', 'localhost', '-p', String(started.port), '--cafile', caFile, '-t', 'a', '-m', 'b']

    const right = runCli([...publisher, '-u', 'anna', '-P', 'secret-canary'])
    const wrong = runCli([...publisher, '-u', 'anna', '-P', 'wrong-canary'])

    assert.deepEqual([await right.exitCode, await wrong.exitCode], [0, 4])
    await stopped(started)
    assert.match((await started.broker.stdout()).toString(), /^mqtts:\/\/127\.0\.0\.1:\d+\n$/)
    assert.match(await started.broker.stderr(), /the password file \S+ can be read by others/)
    assert.doesNotMatch(await started.broker.stderr(), /canary/)
  })

  const failures: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
    [['--tls'], 2, /--cert/],
    [['word'], 2, /word/],
    [['--password-file', join(folder, 'none')], 7, /none/],
    [['--cert', join(folder, 'none'), '--key', join(folder, 'none')], 7, /none/],
    [['--bind', '192.0.2.1'], 7, /192\.0\.2\.1/],
  ]
  for (const [args, code, message] of failures) {
    test(`${args[0]} that cannot be had ends with ${code}`, async () => {
      const broker = runCli(['broker', '-p', '0', ...args])

      assert.equal(await broker.exitCode, code)
      assert.match(await broker.stderr(), message)
      assert.equal((await broker.stdout()).length, 0)
    })
  }

  test('a port that is taken ends it with 7 and a hint', async () => {
    const server = createServer()
    const port = await listen(server)

    const broker = runCli(['broker', '-p', String(port)])

    assert.equal(await broker.exitCode, 7)
    assert.match(await broker.stderr(), /EADDRINUSE[\s\S]*-port/)
    server.close()
  })

  test('listens on 1883 when nothing is said, if that is free', async (t) => {
    const isFree = await freePort().then(async () => {
      const server = createServer()
      const [event] = await new Promise<[string]>((resolve) => {
        server.once('error', () => resolve(['error']))
        server.listen(1883, '127.0.0.1', () => resolve(['listening']))
      })
      server.close()
      return event === 'listening'
    })
    if (!isFree) return t.skip('port 1883 is taken on this machine')

    const broker = runCli(['broker'])
    await broker.whenStdout(/^mqtt:\/\/127\.0\.0\.1:1883\n/)

    broker.kill()
    assert.equal(await broker.exitCode, 143)
  })
})

for (const client of foreignClients) {
  describe(`${client.name} and our own commands through broker`, { skip: client.missing ?? false }, () => {
    for (const version of [4, 5] as const) {
      test(`exchange messages at version ${version}`, async () => {
        const started = await start('-v')
        const { port } = started
        const target = ['-p', String(port), '-V', version === 4 ? '311' : '5']
        const ours = runCli(['sub', ...target, '-v', '-C', '3', '-q', '2', 'from/#'])
        const theirs = client.subscribe({ version, port, topic: 'to/#', qos: 2 }, 3)
        await started.broker.whenStderr(/subscribed[\s\S]*subscribed/)

        for (const qos of [0, 1, 2] as const) {
          await client.publish({ version, port, topic: `from/${qos}`, qos, retain: false, payload: `ü ${qos}` })
          assert.equal(await runCli(['pub', ...target, '-q', String(qos), `to/${qos}`, `ü ${qos}`]).exitCode, 0)
        }

        assert.equal((await ours.stdout()).toString(), 'from/0 ü 0\nfrom/1 ü 1\nfrom/2 ü 2\n')
        assert.deepEqual(await theirs, ['to/0 0 0 ü 0', 'to/1 1 0 ü 1', 'to/2 2 0 ü 2'])
        await stopped(started)
      })
    }
  })
}

describe('a password file of mosquitto_passwd', { skip: mosquittoMissing('mosquitto_passwd', 'mosquitto_pub') }, () => {
  test('lets mosquitto_pub in, and keeps it out', async () => {
    const users = join(folder, 'hashed')
    writeFileSync(users, 'anna:secret\n')
    await run('mosquitto_passwd', ['-U', users])
    const started = await start('--password-file', users)
    const publishing = ['-p', String(started.port), '-t', 'a', '-m', 'b', '-u', 'anna', '-P']

    await run('mosquitto_pub', [...publishing, 'secret'])
    await assert.rejects(run('mosquitto_pub', [...publishing, 'wrong']), /bad user name or password/)

    await stopped(started)
  })
})
