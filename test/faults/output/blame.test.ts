import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { listen } from '../../support/network/free-port.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { accepts, endOf, grants, runAgainst } from '../../support/scripted-broker/broker-steps.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'

test('inspect -C 1 does not warn of the PUBACK that it withheld itself', async (t) => {
  const two = '32 06 0001 61 0001 78 32 06 0001 61 0002 79'
  const broker = await startScriptedBroker([[...accepts(4), ...grants(4, '01', two), { wait: 'client-close' }]])
  t.after(broker.close)

  const end = await endOf(runAgainst(broker.port, ['inspect', 'a', '-q', '1', '-C', '1', '-V', '311']))

  const records = end.stdout.split('\n').filter((line) => line !== '')
  const summary = records.map((line) => JSON.parse(line)).find(({ type }) => type === 'summary')
  assert.equal(end.exitCode, 0, end.error.message)
  assert.deepEqual(summary.unfinished, [])
})

test('inspect proxy on a port that is taken advises the option that it has', async (t) => {
  const server = createServer()
  const port = await listen(server)
  t.after(() => server.close())

  const cli = runCli(['inspect', 'proxy', '--listen', `${port}`, '--to', 'mqtt://127.0.0.1:1'])

  assert.equal(await cli.exitCode, 7)
  assert.match(await cli.stderr(), /another port with --listen/)
})
