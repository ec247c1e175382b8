import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { addressesOf } from '../../../src/connection/transport/addresses.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import type { Transport } from '../../../src/connection/transport/transport.ts'
import { MqttCliError } from '../../../src/errors.ts'
import { freePort, listen } from '../../support/network/free-port.ts'
import { resetConnection } from '../../support/network/reset-connection.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { Collected, patientDeadline, stalled, transportSettings } from '../../support/transports/transport-harness.ts'

const folder = temporaryFolder()
const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

interface Pair {
  readonly transport: Transport
  readonly peer: Socket
  readonly collected: Collected
}

/** A server, a transport to it, and the server's end of the connection. */
async function openPair(kind: 'tcp' | 'unix', name: string): Promise<Pair> {
  const server = createServer()
  servers.push(server)
  const path = join(folder, name)
  const accepted = once(server, 'connection')
  let target: Parameters<typeof transportSettings>[0]
  if (kind === 'tcp') {
    target = { transport: 'tcp', host: '127.0.0.1', port: await listen(server) }
  } else {
    server.listen(path)
    await once(server, 'listening')
    target = { transport: 'unix', path }
  }
  const { transport } = await openTransport(transportSettings(target), patientDeadline())
  const [peer] = (await accepted) as [Socket]
  peer.on('error', () => {})
  return { transport, peer, collected: new Collected(transport) }
}

for (const kind of ['tcp', 'unix'] as const) {
  test(`${kind}: carries bytes both ways, whole`, async () => {
    const { transport, peer, collected } = await openPair(kind, 'a')
    const large = Buffer.alloc(1_000_000, 'abcdefg')

    peer.write(large)
    transport.write(Buffer.from('hello'))
    const [received] = (await once(peer, 'data')) as [Buffer]
    await collected.until(({ byteCount }) => byteCount === large.length)

    assert.equal(received.toString(), 'hello')
    assert.deepEqual(collected.bytes, large)
    transport.destroy()
  })

  test(`${kind}: a FIN from the peer closes without a cause, once`, async () => {
    const { peer, collected } = await openPair(kind, 'b')

    peer.end('last')
    const cause = await collected.closed()

    assert.equal(cause, undefined)
    assert.equal(collected.bytes.toString(), 'last')
    assert.equal(collected.closes.length, 1)
  })

  test(`${kind}: end() sends what was written, then FIN, and closes without a cause`, async () => {
    const { transport, peer, collected } = await openPair(kind, 'c')
    const chunks: Buffer[] = []
    peer.on('data', (chunk) => chunks.push(chunk))

    transport.write(Buffer.from('one '))
    transport.write(Buffer.from('two'))
    transport.end()
    await once(peer, 'end')
    const cause = await collected.closed()

    assert.equal(Buffer.concat(chunks).toString(), 'one two')
    assert.equal(cause, undefined)
    assert.equal(collected.closes.length, 1)
  })

  test(`${kind}: a write after end() is refused through its callback alone`, async () => {
    const { transport, collected } = await openPair(kind, 'd')

    transport.end()
    const error = await new Promise((resolve) => transport.write(Buffer.from('late'), resolve))

    assert.ok(error instanceof Error)
    assert.equal(await collected.closed(), undefined)
  })

  test(`${kind}: pause() stops reading, also inside onBytes, and resume() loses nothing`, async () => {
    const { transport, peer } = await openPair(kind, 'e')
    const sent = Buffer.alloc(32_000_000, 'x')
    let received = 0
    let pausedAt = 0
    transport.onBytes = (bytes) => {
      received += bytes.length
      if (pausedAt === 0) {
        pausedAt = received
        transport.pause()
      }
    }

    const allTaken = new Promise((resolve) => peer.end(sent, resolve as () => void))
    await stalled(peer)
    const whilePaused = received
    transport.resume()
    await allTaken
    await new Promise<void>((resolve) => {
      transport.onClose = () => resolve()
    })

    assert.equal(whilePaused, pausedAt, 'nothing arrives while paused')
    assert.equal(received, sent.length)
  })

  test(`${kind}: says stop when the peer does not read, and drains when it does`, async () => {
    const { transport, peer } = await openPair(kind, 'f')
    peer.pause()
    const batch = Buffer.alloc(64 * 1024)
    let drains = 0
    const drained = new Promise<void>((resolve) => {
      transport.onDrain = () => {
        drains += 1
        resolve()
      }
    })

    let writes = 1
    while (transport.write(batch)) writes += 1
    const waiting = transport.writableLength
    let read = 0
    peer.on('data', (chunk) => {
      read += chunk.length
    })
    peer.resume()
    await drained
    transport.end()
    await once(peer, 'end')

    assert.ok(waiting > 0 && waiting <= 2 * batch.length, `${waiting} bytes wait`)
    assert.equal(drains, 1)
    assert.equal(read, writes * batch.length)
  })
}

test('a server that speaks before anybody listens loses nothing', async () => {
  const server = createServer((socket) => socket.end('220 welcome'))
  servers.push(server)
  const port = await listen(server)
  const { transport } = await openTransport(
    transportSettings({ transport: 'tcp', host: '127.0.0.1', port }),
    patientDeadline(),
  )
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

  const collected = new Collected(transport)
  await collected.closed()

  assert.equal(collected.bytes.toString(), '220 welcome')
})

test('a reset by the peer closes with a lost connection, once', async () => {
  const { peer, collected } = await openPair('tcp', 'g')

  resetConnection(peer)
  const cause = await collected.closed()

  assert.equal(cause?.kind, 'lost')
  assert.equal(cause?.details.facts?.code, 'ECONNRESET')
  assert.equal(collected.closes.length, 1)
})

test('destroy() closes without a cause, once', async () => {
  const { transport, collected } = await openPair('tcp', 'h')

  transport.destroy()
  transport.destroy()

  assert.equal(await collected.closed(), undefined)
  assert.equal(collected.closes.length, 1)
})

test('two connections may share one read buffer', async () => {
  const shared = Buffer.alloc(1024)
  const server = createServer((socket) => socket.on('data', (chunk) => socket.end(chunk)))
  servers.push(server)
  const target = { transport: 'tcp', host: '127.0.0.1', port: await listen(server) } as const
  const opened = await Promise.all(
    [1, 2].map(() => openTransport(transportSettings(target), patientDeadline(), shared)),
  )
  const collected = opened.map(({ transport }) => new Collected(transport))

  opened.forEach(({ transport }, index) => {
    transport.write(Buffer.alloc(5000, String(index)))
  })
  await Promise.all(collected.map((one) => one.closed()))

  assert.deepEqual(collected[0]?.bytes, Buffer.alloc(5000, '0'))
  assert.deepEqual(collected[1]?.bytes, Buffer.alloc(5000, '1'))
})

test('nobody listening is unreachable, with the layer, the errno and something to try', async () => {
  const port = await freePort()

  const error = await failure({ transport: 'tcp', host: '127.0.0.1', port })

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'TCP')
  assert.equal(error.details.facts?.code, 'ECONNREFUSED')
  assert.ok(error.details.tries?.length)
})

// A label of more than 63 letters: no name server is asked.
test('a name that does not exist is unreachable at the layer DNS', async () => {
  const error = await failure({ transport: 'tcp', host: 'x'.repeat(70), port: 1883 })

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.layer, 'DNS')
})

test('a unix socket that is not there is unreachable', async () => {
  const error = await failure({ transport: 'unix', path: join(folder, 'nowhere') })

  assert.equal(error.kind, 'unreachable')
  assert.equal(error.details.facts?.code, 'ENOENT')
})

test('binds to the address that was asked for', async () => {
  const server = createServer()
  servers.push(server)
  const accepted = once(server, 'connection')
  const target = { transport: 'tcp', host: 'localhost', port: await listen(server) } as const

  const { transport } = await openTransport(
    transportSettings(target, {}, { bindAddress: '127.0.0.7' }),
    patientDeadline(),
  )
  const [peer] = (await accepted) as [Socket]

  assert.equal(peer.remoteAddress, '127.0.0.7')
  assert.equal(transport.description, `tcp 127.0.0.1:${target.port}`)
  transport.destroy()
})

test('localhost is loopback of both families without asking a resolver (RFC 6761 §6.3)', async () => {
  const addresses = await addressesOf('LocalHost', undefined, patientDeadline())

  assert.deepEqual(addresses, [
    { ip: '127.0.0.1', family: 4 },
    { ip: '::1', family: 6 },
  ])
})

test('a bind address that is a name is a usage error', async () => {
  const target = { transport: 'tcp', host: '127.0.0.1', port: 1 } as const
  const opening = openTransport(transportSettings(target, {}, { bindAddress: 'eth0' }), patientDeadline())

  await assert.rejects(opening, (error) => error instanceof MqttCliError && error.kind === 'usage')
})

async function failure(target: Parameters<typeof transportSettings>[0]): Promise<MqttCliError> {
  try {
    await openTransport(transportSettings(target), patientDeadline())
  } catch (error) {
    if (error instanceof MqttCliError) return error
    throw error
  }
  throw new Error('it connected')
}
