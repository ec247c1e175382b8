import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Ajv } from 'ajv'
import { type Mosquitto, mosquittoMissing, startMosquitto } from '../../support/brokers/mosquitto.ts'
import { RawClient } from '../../support/clients/raw-client.ts'
import { freePort } from '../../support/network/free-port.ts'
import { tsharkFields, tsharkMissing } from '../../support/packets/tshark.ts'
import { type CliHandle, runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'

const skip = mosquittoMissing('mosquitto_pub', 'mosquitto_sub')
const folder = temporaryFolder()
const brokers: Mosquitto[] = []
after(async () => {
  for (const broker of brokers) await broker.stop()
})

async function broker(): Promise<number> {
  if (brokers.length === 0) brokers.push(await startMosquitto())
  return brokers[0]?.port ?? 0
}

interface Running {
  readonly cli: CliHandle
  readonly port: number
  /** SIGINT, and what it had printed when it ended. */
  stop(): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>
}

async function startProxy(to: number, args: readonly string[] = []): Promise<Running> {
  const cli = runCli(['inspect', 'proxy', '--listen', '0', '--to', `mqtt://127.0.0.1:${to}`, ...args])
  const [, port] = await cli.whenStdout(/mqtt:\/\/127\.0\.0\.1:(\d+)/)
  const stop = async () => {
    cli.kill('SIGINT')
    const exitCode = await cli.exitCode
    return { exitCode, stdout: (await cli.stdout()).toString(), stderr: await cli.stderr() }
  }
  return { cli, port: Number(port), stop }
}

/** One of mosquitto's clients, to its end. */
async function mosquitto(program: 'mosquitto_pub' | 'mosquitto_sub', port: number, ...args: readonly string[]) {
  const child = spawn(program, ['-h', '127.0.0.1', '-p', `${port}`, ...args])
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  const [exitCode] = (await once(child, 'close')) as [number]
  return { exitCode, stdout }
}

function records(stdout: string) {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('mosquitto’s clients through the proxy', { skip }, () => {
  test('talk as without it, and each is shown under its number, with a summary at the end', async () => {
    const proxy = await startProxy(await broker())
    const subscribed = mosquitto(
      'mosquitto_sub',
      proxy.port,
      '-V',
      '5',
      '-i',
      'sub1',
      '-t',
      'a/#',
      '-q',
      '2',
      '-C',
      '1',
    )
    await proxy.cli.whenStdout(/SUBACK/)

    const published = await mosquitto(
      'mosquitto_pub',
      proxy.port,
      '-V',
      '5',
      '-i',
      'pub1',
      '-t',
      'a/b',
      '-m',
      'hi',
      '-q',
      '2',
    )
    const { stdout: message } = await subscribed
    const { exitCode, stdout, stderr } = await proxy.stop()

    assert.equal(message, 'hi\n')
    assert.equal(published.exitCode, 0)
    assert.equal(exitCode, 130)
    assert.equal(stderr, '')
    assert.match(stdout, /^#1 .*→ CONNECT .*client-id="sub1"/m)
    assert.match(stdout, /^#2 .*→ CONNECT .*client-id="pub1"/m)
    assert.match(stdout, /^#2 .*← PUBCOMP .*out#1 "a\/b" complete in \d+ µs/m)
    assert.match(stdout, /^#2 closed by the client/m)
    assert.match(stdout, /Summary of #1 sub1\n.*Summary of #2 pub1\n.*QoS 2 +→ to broker +1 /s)
  })

  for (const view of ['tree', 'hex', 'sequence', 'mermaid', 'none']) {
    test(`are shown by --view ${view}, and no password in any`, async () => {
      const proxy = await startProxy(await broker(), ['--view', view])

      const login = ['-u', 'me', '-P', 'canary-7351']
      await mosquitto('mosquitto_pub', proxy.port, '-V', '5', '-t', 'a/b', '-m', 'hi', '-q', '1', ...login)
      const { exitCode, stdout } = await proxy.stop()

      assert.equal(exitCode, 130)
      assert.match(stdout, /Summary of #1/)
      assert.equal(/PUBACK.*mid|mid=1/.test(stdout), view !== 'none')
      assert.doesNotMatch(stdout, /canary-7351|63616e617279|63 61 6e 61 72 79/)
    })
  }

  test('are records by their schemas under --json', async () => {
    const proxy = await startProxy(await broker(), ['--json', '--duplicate', 'puback', '--seed', '1'])
    const login = ['-u', 'me', '-P', 'canary-7351']
    await mosquitto('mosquitto_pub', proxy.port, '-V', '5', '-i', 'p', '-t', 'a', '-m', 'x', '-q', '1', ...login)
    const { stdout } = await proxy.stop()

    const ajv = new Ajv({ strict: true, allowUnionTypes: true })
    const [isPacket, isRun, isProxy] = ['packet', 'run', 'proxy'].map((name) =>
      ajv.compile(JSON.parse(readFileSync(`docs/schemas/inspect-${name}.schema.json`, 'utf8'))),
    )
    for (const record of records(stdout)) {
      const isOne = record.type === 'packet' ? isPacket : /^(opening|summary)$/.test(record.type) ? isRun : isProxy
      assert.ok(isOne?.(record), `${JSON.stringify(record)}: ${JSON.stringify(isOne?.errors)}`)
    }
    const types = records(stdout).map(({ type, packet }) => packet?.type ?? type)
    assert.deepEqual(types.slice(0, 4), ['listening', 'opened', 'connect', 'connack'])
    assert.ok(types.includes('fault'))
    assert.deepEqual(types.slice(-2), ['summary', 'faults'])
    assert.deepEqual(records(stdout).at(-1).faults, [
      { rule: '--duplicate puback', fault: 'duplicate', matched: 1, done: 1 },
    ])
    assert.doesNotMatch(stdout, /canary-7351/)
  })

  for (const view of ['line', 'mermaid', 'none']) {
    test(`have the faults of each rule counted at the end of --view ${view}`, async () => {
      const rules = ['--delay', 'puback=1ms', '--drop', 'suback', '--corrupt', 'pingreq=header']
      const proxy = await startProxy(await broker(), ['--view', view, ...rules])

      for (const id of ['1', '2'])
        await mosquitto('mosquitto_pub', proxy.port, '-i', id, '-t', 'a', '-m', 'x', '-q', '1')
      const { stdout } = await proxy.stop()

      assert.match(stdout, /Faults\n.*rule +matched +done\n/)
      assert.match(stdout, /--delay puback=1ms +2 +2\n/)
      assert.match(stdout, /--drop suback +0 +0\n/)
    })
  }

  test('pass unseen under --quiet, which tells the address alone', async () => {
    const proxy = await startProxy(await broker(), ['--quiet'])

    const { exitCode } = await mosquitto('mosquitto_pub', proxy.port, '-t', 'a', '-m', 'x', '-q', '1')
    const { stdout, stderr } = await proxy.stop()

    assert.equal(exitCode, 0)
    assert.match(stdout, /^mqtt:\/\/127\.0\.0\.1:\d+ → mqtt:\/\/127\.0\.0\.1:\d+\n$/)
    assert.equal(stderr, '')
  })

  test('learn of a fault: a CONNECT refused in the broker’s place', async () => {
    const proxy = await startProxy(await broker(), ['--refuse', 'not-authorized'])

    const { exitCode } = await mosquitto('mosquitto_pub', proxy.port, '-V', '5', '-t', 'a', '-m', 'x')
    const { stdout } = await proxy.stop()

    assert.equal(exitCode, 0x87)
    assert.match(stdout, /fault: CONNECT refused: 0x87 Not authorized/)
  })
})

describe('--write', { skip: skip ?? tsharkMissing() }, () => {
  test('makes a file in which tshark finds the conversation, and no password', async () => {
    const path = join(folder, 'talk.pcapng')
    const proxy = await startProxy(await broker(), ['--write', path, '--view', 'none'])
    const login = ['-u', 'me', '-P', 'canary-7351']
    await mosquitto('mosquitto_pub', proxy.port, '-V', '5', '-t', 'a/b', '-m', 'hi', '-q', '2', ...login)
    await proxy.stop()

    const rows = tsharkFields(path, ['mqtt.msgtype', 'mqtt.topic', '_ws.malformed', 'tcp.analysis.flags'], 'mqtt')

    assert.deepEqual(rows, [
      ['1', '', '', ''],
      ['2', '', '', ''],
      ['3', 'a/b', '', ''],
      ['5', '', '', ''],
      ['6', '', '', ''],
      ['7', '', '', ''],
      ['14', '', '', ''],
    ])
    assert.equal(readFileSync(path).includes('canary-7351'), false)
    assert.equal(statSync(path).mode & 0o777, 0o600)
  })

  test('notes that others can read the file that it goes into', async () => {
    const path = join(folder, 'open.pcapng')
    writeFileSync(path, '')
    chmodSync(path, 0o644)
    const proxy = await startProxy(await broker(), ['--write', path])

    await proxy.cli.whenStderr(/note: the capture .* can be read by others/)
    await proxy.stop()
  })
})

describe('the command', () => {
  test('lives on when the broker cannot be reached, and says why', async () => {
    const proxy = await startProxy(await freePort())

    const client = await RawClient.open(proxy.port)
    await client.whenClosed()
    await proxy.cli.whenStdout(/ECONNREFUSED/)
    const { exitCode, stdout } = await proxy.stop()

    assert.match(stdout, /^#1 closed 127\.0\.0\.1:\d+: no connection to /m)
    assert.equal(exitCode, 130)
  })

  test('shows hostile text escaped', { skip }, async () => {
    const proxy = await startProxy(await broker())
    const client = await RawClient.open(proxy.port)

    client.send(Buffer.from('100c00044d5154540402003c0000', 'hex'))
    await client.when(2)
    client.send(Buffer.from('30080003611b62', 'hex'), Buffer.from('\u001b[2'))
    await proxy.cli.whenStdout(/PUBLISH/)
    client.destroy()
    const { stdout } = await proxy.stop()

    assert.equal(stdout.includes('\u001b'), false)
  })

  test('names a port that is taken, and ends with 7', async () => {
    const first = await startProxy(1)
    const cli = runCli(['inspect', 'proxy', '--listen', `${first.port}`, '--to', 'mqtt://127.0.0.1:1'])

    const exitCode = await cli.exitCode
    await first.stop()

    assert.equal(exitCode, 7)
    assert.match(await cli.stderr(), /cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)/)
  })

  test('refuses a fault that makes no sense, and ends with 2', async () => {
    const cli = runCli(['inspect', 'proxy', '--listen', '0', '--to', 'mqtt://b', '--drop', 'pubak'])

    assert.equal(await cli.exitCode, 2)
    assert.match(await cli.stderr(), /--drop does not know the packet type "pubak"/)
  })

  test('ends quietly when its reader has gone', { skip }, async () => {
    const proxy = await startProxy(await broker())

    proxy.cli.child.stdout.destroy()
    const client = await RawClient.open(proxy.port)
    client.send(Buffer.from('100c00044d5154540402003c0000', 'hex'))
    const exitCode = await proxy.cli.exitCode
    client.destroy()

    assert.equal(exitCode, 0)
  })
})
