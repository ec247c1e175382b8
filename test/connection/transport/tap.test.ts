import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { tapTransport } from '../../../src/connection/transport/tap.ts'
import { startScriptedBroker } from '../../support/scripted-broker/scripted-broker.ts'
import { Collected, patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

test('shows every byte both ways, in order, with a time that never goes back', async (t) => {
  const broker = await startScriptedBroker([[{ expect: 'pingreq' }, { send: 'd000' }, { close: 'fin' }]])
  t.after(broker.close)
  const target = { transport: 'tcp', host: '127.0.0.1', port: broker.port } as const
  const { transport } = await openTransport(transportSettings(target), patientDeadline())
  const seen: [sender: string, bytes: Buffer, at: bigint][] = []

  const tapped = tapTransport(transport, (...one) => seen.push(one))
  const collected = new Collected(tapped)
  await new Promise((resolve) => tapped.write(Buffer.from('c000', 'hex'), resolve))
  const cause = await collected.closed()

  assert.equal(cause, undefined)
  assert.equal(collected.bytes.toString('hex'), 'd000')
  assert.deepEqual(
    seen.map(([sender, bytes]) => `${sender} ${bytes.toString('hex')}`),
    ['client c000', 'server d000'],
  )
  assert.ok((seen[0]?.[2] ?? 1n) < (seen[1]?.[2] ?? 0n))
})

test('what the listener keeps is not overwritten by the next read', async (t) => {
  const large = Buffer.alloc(300_000, 'abc')
  const broker = await startScriptedBroker([[{ send: large }, { close: 'fin' }]])
  t.after(broker.close)
  const target = { transport: 'tcp', host: '127.0.0.1', port: broker.port } as const
  const { transport } = await openTransport(transportSettings(target), patientDeadline())
  const kept: Buffer[] = []

  await new Collected(tapTransport(transport, (_, bytes) => kept.push(bytes))).closed()

  assert.ok(kept.length > 1)
  assert.deepEqual(Buffer.concat(kept), large)
})

test('everything else goes through: pause, drain, description, close', async (t) => {
  const broker = await startScriptedBroker([[{ run: ({ wire }) => void wire.socket.pause() }]])
  t.after(broker.close)
  const target = { transport: 'tcp', host: '127.0.0.1', port: broker.port } as const
  const { transport } = await openTransport(transportSettings(target), patientDeadline())
  const tapped = tapTransport(transport, () => {})
  const collected = new Collected(tapped)
  const { wire } = await broker.connection(0)

  const drained = new Promise<void>((resolve) => {
    tapped.onDrain = resolve
  })
  while (tapped.write(Buffer.alloc(65_536)));
  assert.equal(tapped.writableLength, transport.writableLength)
  wire.socket.resume()
  await drained
  tapped.pause()
  tapped.resume()
  tapped.destroy()

  assert.equal(await collected.closed(), undefined)
  assert.equal(tapped.description, `tcp 127.0.0.1:${broker.port}`)
})
