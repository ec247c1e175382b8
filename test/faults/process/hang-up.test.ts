import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { noTerminal } from '../../support/program/on-terminal.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { serves } from '../../support/scripted-broker/broker-steps.ts'
import { type ScriptedBroker, startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

const node = process.execPath
const program = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const fixture = join(import.meta.dirname, '..', '..', 'cli', 'fixture', 'hang-up.py')
/** Topic `a`, QoS 1, identifier 1: who still lives acknowledges it. */
const message = '32 06 0001 61 0001 78'

describe('SIGHUP', { concurrency: 3 }, () => {
  for (const [how, command] of [
    ['nohup', 'exec nohup "$@"'],
    ["a shell with trap '' HUP", 'trap "" HUP; exec "$@"'],
  ] as const) {
    test(`is ignored under ${how}, as its user asked`, async (t) => {
      const broker = await servingBroker(t)
      const args = [command, 'sh', node, program, ...sub(broker)]
      const run = runCli(args, { program: ['sh', '-c'], cwd: temporaryFolder() })
      const connection = await broker.connection(0)
      await connection.scriptDone

      run.kill('SIGHUP')
      connection.send(message)
      await connection.whenPacket('puback')
      run.kill('SIGTERM')

      assert.equal(await run.exitCode, 143)
    })
  }

  for (const [how, command] of [
    ['nohup', 'exec nohup "$@"'],
    ['a shell that ignores it and waits', 'trap "" HUP; "$@" > out; exit $?'],
  ] as const) {
    test(`of a terminal that is closed is ignored under ${how}`, { skip: noTerminal }, async (t) => {
      const broker = await servingBroker(t)
      const ended = onTerminal(t, ['sh', '-c', command, 'sh', node, program, ...sub(broker), '-C', '1', '-N'])
      const connection = await broker.connection(0)
      await connection.scriptDone

      ended.hangUp()
      connection.send(message)

      await connection.whenPacket('puback')
    })
  }

  test('of a terminal that is closed ends the command with DISCONNECT and 129', { skip: noTerminal }, async (t) => {
    const broker = await servingBroker(t)
    const ended = onTerminal(t, [node, program, ...sub(broker)])
    const connection = await broker.connection(0)
    await connection.scriptDone

    ended.hangUp()

    assert.equal(await ended.code, 129)
    assert.equal(connection.receivedTypes.at(-1), 'disconnect')
  })
})

function sub(broker: ScriptedBroker): readonly string[] {
  return ['sub', '-V', '4', '-h', '127.0.0.1', '-p', `${broker.port}`, '-q', '1', '-t', 'a']
}

async function servingBroker(t: TestContext): Promise<ScriptedBroker> {
  const broker = await startScriptedBroker([serves(4)])
  t.after(broker.close)
  return broker
}

function onTerminal(t: TestContext, command: readonly string[]) {
  const child = spawn('python3', [fixture, ...command], { cwd: temporaryFolder(), stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const shown: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => shown.push(chunk))
  const code = once(child, 'close').then(() => (JSON.parse(Buffer.concat(shown).toString()) as { code: number }).code)
  code.catch(() => {}) // a test that does not ask ends it
  return { hangUp: () => child.stdin.write('\n'), code }
}
