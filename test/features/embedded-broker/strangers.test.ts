import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { WebSocket } from 'ws'
import { wordedRejection } from '../../../src/command/output/worded-rejection.ts'
import type { EmbeddedBrokerSettings } from '../../../src/features/embedded-broker/settings.ts'
import { fromHex } from '../../support/packets/hex.ts'
import { withPatience } from '../../support/program/patience.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { wordingOf } from '../../support/program/worded.ts'
import { startWatchedBroker, type WatchedBroker } from '../../support/scripted-broker/watched-broker.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

let watched: WatchedBroker
let open: Socket[] = []

afterEach(async () => {
  for (const socket of open) socket.destroy()
  open = []
  await watched.close()
})

/** MQTT 3.1.1, the client identifier `a`. */
const connectPacket = fromHex('10 0d 0004 4d515454 04 02 0000 0001 61')

describe('before CONNECT one deadline holds, whatever it is spent on', () => {
  const ways: readonly (readonly [what: string, port: 'tcp' | 'tls' | 'ws', first: string])[] = [
    ['TCP and silence', 'tcp', ''],
    ['TLS that never begins', 'tls', ''],
    ['an upgrade that never begins', 'ws', ''],
    ['half an upgrade', 'ws', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
    [
      'an upgrade, and silence',
      'ws',
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    ],
  ]
  for (const [what, port, first] of ways) {
    test(what, async () => {
      await start({ limits: { connectDeadlineMs: 400 } })
      const socket = await dial(port)
      const began = performance.now()

      socket.write(first)
      await withPatience(once(socket.resume(), 'close'), 'the close')

      assert.ok(performance.now() - began < 5000)
      const told = watched.events.find(({ event }) => event === 'rejected' || event === 'closed')
      assert.ok(told, 'nobody was told')
    })
  }
})

describe('over WebSocket', () => {
  test('the subprotocol mqttv3.1 is taken, and answered with', async () => {
    await start()
    const webSocket = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, ['mqttv3.1'])
    await once(webSocket, 'open')

    webSocket.send(connectPacket)
    const [answer] = await once(webSocket, 'message')

    assert.equal(webSocket.protocol, 'mqttv3.1')
    assert.equal((answer as Buffer).toString('hex'), '20020000')
    webSocket.terminate()
  })

  test('fault 50: a page of a foreign origin gets 403, is named, and is let in when allowed', async () => {
    await start()
    const page = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, ['mqtt'], { origin: 'https://evil.example' })
    const [, response] = await once(page, 'unexpected-response')
    assert.equal(response.statusCode, 403)
    assert.match(
      wordedRejection(await watched.when('rejected'), wordingOf('broker')).reason,
      /evil\.example.*--ws-origin/,
    )
    await watched.close()

    await start({ webSocketOrigins: ['https://evil.example'] })
    const welcome = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, ['mqtt'], { origin: 'https://evil.example' })
    await once(welcome, 'open')
    welcome.terminate()
  })

  test('no more than 64 KiB of a message are gathered before CONNECT, and more after it', async () => {
    await start()
    const stranger = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, ['mqtt'])
    await once(stranger, 'open')
    stranger.on('error', () => {})
    stranger.send(Buffer.alloc(100_000), { fin: false })
    await withPatience(once(stranger, 'close'), 'the close of the stranger')

    const known = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, ['mqtt'])
    await once(known, 'open')
    known.send(connectPacket)
    await once(known, 'message')
    const body = Buffer.concat([fromHex('0001 61'), Buffer.alloc(199_997)])
    known.send(Buffer.concat([fromHex('30 c0 9a 0c'), body])) // 200,000 bytes follow
    known.send(fromHex('c0 00'))
    const [pong] = await withPatience(once(known, 'message'), 'PINGRESP')

    assert.equal((pong as Buffer).toString('hex'), 'd000')
    assert.equal((await watched.when('published')).payloadBytes, 199_997)
    known.terminate()
  })

  test('pings of the WebSocket are answered, but not for somebody who does not read', async () => {
    await start()
    const webSocket = new WebSocket(`ws://127.0.0.1:${portOf('ws')}`, ['mqtt'])
    await once(webSocket, 'open')

    webSocket.ping('hello')
    const [data] = await withPatience(once(webSocket, 'pong'), 'a pong')

    assert.equal(String(data), 'hello')
    webSocket.terminate()
  })
})

describe('over TLS that asks for a certificate', () => {
  const { certFile, keyFile, caFile } = writeCertificates(temporaryFolder())
  const tls = { certFile: certFile('server'), keyFile: keyFile('server'), caFile }

  const strangers = [
    ['none', undefined, /no certificate/],
    ['one of another authority', 'strangeClient', /none of our authorities/],
    ['one that has expired', 'expired', /expired/],
  ] as const
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const [what, name, reason] of strangers) {
      test(`a client with ${what} is told by an alert, and named with its address, ${version}`, async () => {
        await start({ tls })
        const own = name === undefined ? {} : { cert: readFileSync(certFile(name)), key: readFileSync(keyFile(name)) }
        const options = { ca: readFileSync(caFile), maxVersion: version, servername: 'localhost', ...own }
        const socket = connectTls({ port: portOf('tls'), host: '127.0.0.1', ...options })
        const ended = new Promise<string>((resolve) => {
          socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
          socket.on('end', () => resolve('close_notify'))
        })
        socket.resume()

        const told = await withPatience(ended, 'the end')

        assert.match(told, /close_notify|ALERT/)
        const rejected = await watched.when('rejected')
        assert.match(rejected.reason, reason)
        assert.match(rejected.remote, /^127\.0\.0\.1:\d+$/)
        assert.deepEqual(
          watched.events.filter(({ event }) => event === 'opened'),
          [],
        )
        socket.destroy()
      })
    }
  }
})

const certificates = writeCertificates(temporaryFolder())

async function start(settings: Partial<EmbeddedBrokerSettings> = {}): Promise<void> {
  const tls = { certFile: certificates.certFile('server'), keyFile: certificates.keyFile('server') }
  watched = await startWatchedBroker({ tlsPort: 0, webSocketPort: 0, tls, ...settings })
}

function portOf(port: 'tcp' | 'tls' | 'ws'): number {
  const { tcpAddress, tlsAddress, webSocketAddress } = watched.broker
  return { tcp: tcpAddress, tls: tlsAddress, ws: webSocketAddress }[port]?.port ?? 0
}

async function dial(port: 'tcp' | 'tls' | 'ws'): Promise<Socket> {
  const socket = connect({ port: portOf(port), host: '127.0.0.1' })
  socket.on('error', () => {})
  open.push(socket)
  await once(socket, 'connect')
  return socket
}
