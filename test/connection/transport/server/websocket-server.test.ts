import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { after, before, test } from 'node:test'
import WebSocket from 'ws'
import type { Listener } from '../../../../src/connection/transport/listen.ts'
import { listenWebSocket } from '../../../../src/connection/transport/server/websocket-server.ts'
import { Changing } from '../../../support/program/patience.ts'
import { temporaryFolder } from '../../../support/program/temp-folder.ts'
import { writeCertificates } from '../../../support/transports/certificates.ts'

let listener: Listener
let streams: Duplex[]
const changing = new Changing()

before(async () => {
  streams = []
  listener = await listenWebSocket({ host: '127.0.0.1', port: 0, maximumMessageBytes: 1_000_000 }, (stream) => {
    stream.on('error', () => {})
    streams.push(stream)
    changing.changed()
  })
})

after(() => listener.close())

function open(protocols: string | string[] = 'mqtt', path = '/mqtt'): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${listener.port}${path}`, protocols)
}

/** Both ends of a new connection. */
async function pair(): Promise<{ client: WebSocket; server: Duplex }> {
  const count = streams.length
  const client = open()
  await once(client, 'open')
  const server = await changing.when(() => streams[count], 'the server to have the connection')
  return { client, server }
}

async function readBytes(server: Duplex, count: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of server.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer)
    if (Buffer.concat(chunks).length >= count) break
  }
  return Buffer.concat(chunks)
}

test('takes packets split over messages and several in one, as one stream [MQTT-6.0.0-2]', async () => {
  const { client, server } = await pair()

  client.send(Buffer.of(0xc0))
  client.send(Buffer.of(0x00, 0xc0, 0x00))

  assert.deepEqual(await readBytes(server, 4), Buffer.of(0xc0, 0, 0xc0, 0))
  client.terminate()
})

test('writes binary messages', async () => {
  const { client, server } = await pair()

  server.write(Buffer.of(0xd0, 0))
  const [data, isBinary] = await once(client, 'message')

  assert.deepEqual([data, isBinary], [Buffer.of(0xd0, 0), true])
  client.terminate()
})

test('fault 41: a text frame ends the connection with 1003 [MQTT-6.0.0-1]', async () => {
  const { client, server } = await pair()
  server.resume()

  client.send('text')
  const [code] = await once(client, 'close')

  assert.equal(code, 1003)
  assert.equal(server.destroyed, true)
})

for (const protocols of [[], ['mqttv3'], ['chat', 'soap']]) {
  test(`fault 41: without the subprotocol mqtt, with [${protocols}], there is no upgrade [MQTT-6.0.0-3]`, async () => {
    const client = open(protocols)

    const [error] = (await once(client, 'error')) as [Error]

    assert.match(error.message, /400/)
  })
}

test('chooses mqtt among others, at any path [MQTT-6.0.0-4]', async () => {
  const client = open(['chat', 'mqtt'], '/')

  await once(client, 'open')

  assert.equal(client.protocol, 'mqtt')
  client.terminate()
})

test('a message above the limit ends the connection', async () => {
  const { client, server } = await pair()
  server.resume()

  client.send(Buffer.alloc(1_000_001))
  const [code] = await once(client, 'close')

  assert.equal(code, 1009)
})

test('the end of one side is the end of the other', async () => {
  const first = await pair()
  const second = await pair()
  first.server.resume()
  second.server.resume()

  first.client.close()
  second.server.end()

  await Promise.all([once(first.server, 'close'), once(second.client, 'close')])
})

test('a plain request is told what this port is for', async () => {
  const response = await fetch(`http://127.0.0.1:${listener.port}/`)

  assert.equal(response.status, 426)
  assert.match(await response.text(), /MQTT over WebSocket/)
})

test('speaks TLS with a certificate', async () => {
  const certificates = writeCertificates(temporaryFolder())
  const tls = { certFile: certificates.certFile('server'), keyFile: certificates.keyFile('server') }
  const secure = await listenWebSocket({ host: '127.0.0.1', port: 0, maximumMessageBytes: 1000, tls }, (stream) => {
    stream.on('error', () => {})
    stream.write(Buffer.of(0xd0, 0))
  })
  const ca = readFileSync(certificates.caFile)
  const client = new WebSocket(`wss://127.0.0.1:${secure.port}/`, 'mqtt', { ca })

  const [data] = await once(client, 'message')

  assert.deepEqual(data, Buffer.of(0xd0, 0))
  client.terminate()
  await secure.close()
})
