import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

const listening = `
const [path] = process.argv.slice(1)
require('node:net').createServer((socket) => socket.resume()).listen({ path, backlog: 1 }, () => console.log('listening'))`

interface StoppedListener {
  readonly path: string
  readonly process: ChildProcess
}

/** It listens, accepts nobody until it is told to go on, and has as many in its queue as it takes. */
async function startStoppedListener(t: TestContext): Promise<StoppedListener> {
  const path = join(temporaryFolder(), 'listener.sock')
  const listener = spawn(process.execPath, ['-e', listening, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => listener.kill('SIGKILL'))
  await once(listener.stdout, 'data')
  listener.kill('SIGSTOP')
  while ((await outcome(t, path)) !== 'EAGAIN');
  return { path, process: listener }
}

function outcome(t: TestContext, path: string): Promise<string> {
  const socket: Socket = connect(path)
  t.after(() => socket.destroy())
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connected'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
  })
}

test('a listener whose queue is full means later, not no', async (t) => {
  const listener = await startStoppedListener(t)

  const opening = openTransport(transportSettings({ transport: 'unix', path: listener.path }), patientDeadline())
  assert.equal(await outcome(t, listener.path), 'EAGAIN') // and so it was for the attempt before it
  listener.process.kill('SIGCONT')
  const { transport } = await opening

  assert.equal(transport.description, `unix ${listener.path}`)
  transport.destroy()
})

test('a queue that stays full is waited for no longer than the deadline', async (t) => {
  const listener = await startStoppedListener(t)
  const deadline = new AbortController()
  const reason = new MqttCliError('unreachable', 'no time left')

  const opening = openTransport(transportSettings({ transport: 'unix', path: listener.path }), deadline.signal)
  assert.equal(await outcome(t, listener.path), 'EAGAIN')
  deadline.abort(reason)

  await assert.rejects(opening, (error) => error === reason)
})
