import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { startProxy } from '../../support/program/running-proxy.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'

const certificates = writeCertificates(temporaryFolder())
const tls = { certFile: certificates.certFile('server'), keyFile: certificates.keyFile('server') }
const mqttConnect = Buffer.from('100f00044d5154540502003c0000026331', 'hex')
const host = '127.0.0.1'

const clients: ReadonlyArray<
  readonly [what: string, isTls: boolean, isWebSocket: boolean, come: (port: number) => void, reason: RegExp]
> = [
  ['speaks plain MQTT to a TLS port', true, false, (port) => sends(port, mqttConnect), /no TLS/],
  ['does not know our authority', true, false, trustsNobody, /authority|our certificate|in the middle/],
  ['speaks plain MQTT to a WebSocket port', false, true, (port) => sends(port, mqttConnect), /no HTTP/],
  [
    'asks for a page',
    false,
    true,
    (port) => sends(port, Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')),
    /page/,
  ],
  ['offers no subprotocol', false, true, (port) => sends(port, upgrade), /subprotocol mqtt/],
  ['is a foreign web page', false, true, (port) => sends(port, upgradeFrom), /web page of "https:\/\/evil\.example"/],
]

const upgrade = upgradeWith([])
const upgradeFrom = upgradeWith(['Origin: https://evil.example', 'Sec-WebSocket-Protocol: mqtt'])

function upgradeWith(headers: readonly string[]): Buffer {
  const lines = [
    'GET /mqtt HTTP/1.1',
    'Host: 127.0.0.1',
    ...headers,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    '',
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

function sends(port: number, bytes: Buffer): void {
  connect(port, host)
    .on('error', () => {})
    .write(bytes)
}

function trustsNobody(port: number): void {
  connectTls({ port, host, ca: certificates.issued.unknownAuthority.cert }).on('error', () => {})
}

describe('a client that never becomes a connection', () => {
  for (const [what, isTls, isWebSocket, come, reason] of clients) {
    test(`is named with the reason when it ${what}, and costs nobody else anything`, async () => {
      const listener = { host, port: 0, isWebSocket, ...(isTls && { tls }) }
      const proxy = await startProxy(1, { listeners: [listener] })

      come(proxy.port)
      const rejected = await proxy.when('rejected')
      const another = connect(proxy.port, host)
      await once(another, 'connect')
      another.destroy()
      const events = await proxy.stop()

      assert.match(rejected.reason, reason)
      assert.ok(!events.some(({ event }) => event === 'opened'))
    })
  }
})
