import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { runCli } from '../../support/program/run-cli.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import { transportSettings } from '../../support/transports/transport-harness.ts'

const MODULE = new URL('../../../src/connection/transport/open-transport.ts', import.meta.url)

/** Opens a plain connection, and tells which of node's own modules that took. */
const LOADED_BY_PLAIN_TCP = `
const before = new Set(process.moduleLoadList)
const { openTransport } = await import(${JSON.stringify(MODULE.href)})
const target = { transport: 'tcp', host: '127.0.0.1', port: Number(process.argv[1]) }
const { transport } = await openTransport({ target, tls: { insecure: false }, noDelay: true }, new AbortController().signal)
transport.onBytes = () => {}
transport.destroy()
console.log(JSON.stringify(process.moduleLoadList.filter((name) => !before.has(name))))`

test('a plain connection by IP address loads neither TLS nor HTTP nor WebSocket nor DNS promises', async (t) => {
  const broker = await startScriptedBroker([[]])
  t.after(broker.close)
  const args = ['--import', 'tsx', '--input-type=module', '-e', LOADED_BY_PLAIN_TCP]
  const program = [process.execPath, ...args] as const
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))

  const loaded = JSON.parse((await runCli([String(broker.port)], { program, cwd }).stdout()).toString()) as string[]

  assert.deepEqual(
    loaded.filter((name) => /\b(_?tls|_?https?|crypto|dns\/promises)/.test(name)),
    [],
  )
})

test('many connections open under one deadline, and nobody is warned of a leak', async (t) => {
  const broker = await startScriptedBroker([], { otherwise: [] })
  t.after(broker.close)
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  t.after(() => process.off('warning', onWarning))
  const deadline = new AbortController().signal
  const settings = transportSettings({ transport: 'tcp', host: '127.0.0.1', port: broker.port })

  const opened = await Promise.all(Array.from({ length: 30 }, () => openTransport(settings, deadline)))
  await new Promise((resolve) => setImmediate(resolve))

  assert.deepEqual(warnings, [])
  for (const { transport } of opened) transport.destroy()
})
