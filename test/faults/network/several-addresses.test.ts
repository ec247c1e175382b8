import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { listen } from '../../support/network/free-port.ts'
import { startSilentListener } from '../../support/network/silent-listener.ts'
import { type CliHandle, runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import type { Step } from '../../support/scripted-broker/scripted-connection.ts'

const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const folder = temporaryFolder()
const host = 'several.test'

/** An /etc/hosts of its own for one program, in a mount namespace. */
function hostsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'an /etc/hosts of its own needs root'
  return spawnSync('unshare', ['-m', 'true']).status === 0 ? undefined : 'unshare -m is not allowed here'
}

describe('a name with several addresses', { skip: hostsMissing(), concurrency: 4 }, () => {
  for (const [what, dead, alive] of [
    ['the first refuses', '127.0.0.3', '127.0.0.1'],
    ['IPv6 first, and it refuses', '::1', '127.0.0.1'],
  ] as const) {
    test(`fault 38: ${what}: the next is tried`, async (t) => {
      const broker = await acceptingBroker(t, alive)

      const pub = publish([dead, alive], broker.port)

      assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
    })
  }

  test('fault 38: the first swallows SYNs: the next is tried soon', async (t) => {
    const silent = await startSilentListener('127.0.0.3')
    t.after(silent.close)
    const broker = await acceptingBroker(t, '127.0.0.1', silent.port)
    const began = performance.now()

    const pub = publish(['127.0.0.3', '127.0.0.1'], broker.port)

    assert.deepEqual([await pub.exitCode, await pub.stderr()], [0, ''])
    assert.ok(performance.now() - began < 4000)
  })

  test('fault 38: all of them swallow SYNs: 3 at the connect deadline', async (t) => {
    const silent = await startSilentListener('127.0.0.3')
    t.after(silent.close)
    const began = performance.now()

    const pub = publish(['127.0.0.3', '127.0.0.3'], silent.port, '--connect-timeout', '2')

    assert.equal(await pub.exitCode, 3)
    const tookMs = performance.now() - began
    assert.ok(tookMs >= 2000 && tookMs < 5000, `it took ${Math.round(tookMs)} ms`)
  })

  test('fault 38: all of them refuse: 3 at once, and each address is named', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()

    const pub = publish(['127.0.0.3', '127.0.0.4'], port)

    assert.equal(await pub.exitCode, 3)
    const stderr = await pub.stderr()
    for (const address of ['127.0.0.3', '127.0.0.4']) assert.ok(stderr.includes(address), stderr)
  })
})

async function acceptingBroker(t: TestContext, address: string, port?: number) {
  const script: Step[] = [
    { expect: 'connect' },
    { send: '20020000' },
    { answer: (packet) => (packet.type === 'pingreq' ? 'd000' : undefined) },
  ]
  const broker = await startScriptedBroker([script], { host: address, ...(port === undefined ? {} : { port }) })
  t.after(broker.close)
  return broker
}

/** Publishes to the name, which has these addresses in this order. */
function publish(addresses: readonly string[], port: number, ...more: readonly string[]): CliHandle {
  const hosts = join(folder, `hosts-${Math.random()}`)
  writeFileSync(hosts, addresses.map((address) => `${address} ${host}\n`).join(''))
  const shell = `mount --bind ${hosts} /etc/hosts && exec "$@"`
  const args = ['pub', '-V', '4', '-h', host, '-p', String(port), '-t', 'a', '-m', 'b', ...more]
  return runCli(args, { program: ['unshare', '-m', 'sh', '-c', shell, 'sh', process.execPath, program] })
}
