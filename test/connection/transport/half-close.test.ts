import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { after, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { WebSocketServer } from 'ws'
import { acceptedTransport } from '../../../src/connection/transport/accepted-transport.ts'
import { listen as listenForClients } from '../../../src/connection/transport/listen.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import type { Transport } from '../../../src/connection/transport/transport.ts'
import { RawClient } from '../../support/clients/raw-client.ts'
import { listen } from '../../support/network/free-port.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'
import { Collected, patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

const certificates = writeCertificates(temporaryFolder())
const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

/** A transport, and the server's end of it, which stays open when the client has finished. */
async function openPair(kind: 'tcp' | 'tls'): Promise<{ transport: Transport; peer: Socket; ended: Promise<void> }> {
  const options = { ...certificates.issued.server, allowHalfOpen: true }
  const server = kind === 'tcp' ? createTcpServer(options) : createTlsServer(options)
  servers.push(server)
  const accepted = once(server, kind === 'tcp' ? 'connection' : 'secureConnection')
  const target = { transport: kind, host: 'localhost', port: await listen(server) }
  const { transport } = await openTransport(
    transportSettings(target, { caFile: certificates.caFile }),
    patientDeadline(),
  )
  const [peer] = (await accepted) as [Socket]
  peer.on('error', () => {})
  const ended = new Promise<void>((resolve) => {
    transport.onEnd = resolve
  })
  return { transport, peer, ended }
}

for (const kind of ['tcp', 'tls'] as const) {
  describe(`${kind}: half a connection`, () => {
    test('finish() sends what was written and a FIN, and reads on', async () => {
      const { transport, peer } = await openPair(kind)
      const collected = new Collected(transport)
      const sent: Buffer[] = []
      peer.on('data', (chunk) => sent.push(chunk))

      transport.write(Buffer.from('question'))
      transport.finish()
      await once(peer, 'end')
      peer.end('answer')

      assert.equal(await collected.closed(), undefined)
      assert.equal(Buffer.concat(sent).toString(), 'question')
      assert.equal(collected.bytes.toString(), 'answer')
    })

    test('with onEnd the peer’s FIN ends its half alone', async () => {
      const { transport, peer, ended } = await openPair(kind)
      const collected = new Collected(transport)
      const received = once(peer, 'data')

      peer.end('last words')
      await ended
      const wasOpen = collected.closes.length === 0
      transport.write(Buffer.from('still here'))
      transport.finish()

      assert.equal(String((await received)[0]), 'still here')
      assert.equal(await collected.closed(), undefined)
      assert.equal(wasOpen, true)
      assert.equal(collected.bytes.toString(), 'last words')
    })

    test('a write after finish() is refused through its callback', async () => {
      const { transport } = await openPair(kind)

      transport.finish()
      const error = await new Promise((resolve) => transport.write(Buffer.from('late'), resolve))

      assert.ok(error instanceof Error)
      transport.destroy()
    })
  })
}

test('reset() is a RST to a TCP peer, with no FIN before it', async () => {
  const { transport, peer } = await openPair('tcp')
  let gotFin = false
  peer.on('end', () => {
    gotFin = true
  })
  peer.resume()
  const failed = once(peer.removeAllListeners('error'), 'error')

  transport.reset()
  const [error] = (await failed) as [NodeJS.ErrnoException]

  assert.equal(error.code, 'ECONNRESET')
  assert.equal(gotFin, false)
})

test('reset() of a TLS connection closes it', async () => {
  const { transport } = await openPair('tls')
  const collected = new Collected(transport)

  transport.reset()

  assert.equal(await collected.closed(), undefined)
})

test('over WebSocket, finish() begins to close, and what is on its way still comes', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.on('connection', (socket) => socket.send(Buffer.from('on its way')))
  const target = { transport: 'ws', host: '127.0.0.1', port, path: '/mqtt', headers: {} } as const
  const { transport } = await openTransport(transportSettings(target), patientDeadline())
  const collected = new Collected(transport)

  transport.finish()
  const cause = await collected.closed()
  server.close()

  assert.equal(cause, undefined)
  assert.equal(collected.bytes.toString(), 'on its way')
})

test('a client that came to a listener is a transport like any other, halves included', async () => {
  let accept: (transport: Transport) => void = () => {}
  const accepted = new Promise<Transport>((resolve) => {
    accept = resolve
  })
  const listener = await listenForClients({ host: '127.0.0.1', port: 0 }, (stream, remote) =>
    accept(acceptedTransport(stream, remote)),
  )
  const client = await RawClient.open(listener.port)
  const transport = await accepted
  const ended = new Promise<void>((resolve) => {
    transport.onEnd = resolve
  })
  const collected = new Collected(transport)

  client.send(Buffer.from('c000', 'hex'))
  client.end()
  await ended
  transport.write(Buffer.from('d000', 'hex'))
  transport.finish()
  await client.whenClosed()
  await listener.close()

  assert.equal(collected.bytes.toString('hex'), 'c000')
  assert.equal(client.received, 'd000')
  assert.equal(transport.description, `127.0.0.1:${client.localPort}`)
})
