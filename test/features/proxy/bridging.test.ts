import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Target } from '../../../src/connection/settings.ts'
import { openTransport } from '../../../src/connection/transport/open-transport.ts'
import { startEmbeddedBroker } from '../../../src/features/embedded-broker/start-embedded-broker.ts'
import { startProxy } from '../../support/program/running-proxy.ts'
import { temporaryFolder } from '../../support/program/temp-folder.ts'
import { writeCertificates } from '../../support/transports/certificates.ts'
import { Collected, patientDeadline, transportSettings } from '../../support/transports/transport-harness.ts'

const certificates = writeCertificates(temporaryFolder())
const tls = { certFile: certificates.certFile('server'), keyFile: certificates.keyFile('server') }
const trusting = { caFile: certificates.caFile }
const connect = Buffer.from('100f00044d5154540502003c0000026331', 'hex')
const kinds = ['tcp', 'tls', 'ws', 'wss'] as const
type Kind = (typeof kinds)[number]

const broker = await startEmbeddedBroker({
  host: '127.0.0.1',
  tcpPort: 0,
  tlsPort: 0,
  webSocketPort: 0,
  secureWebSocketPort: 0,
  tls,
  deny: [],
})
after(() => broker.close())

const ports: Readonly<Record<Kind, number>> = {
  tcp: broker.tcpAddress?.port ?? 0,
  tls: broker.tlsAddress?.port ?? 0,
  ws: broker.webSocketAddress?.port ?? 0,
  wss: broker.secureWebSocketAddress?.port ?? 0,
}

function targetOf(kind: Kind, port: number): Target {
  const place = { host: 'localhost', port }
  return kind === 'tcp' || kind === 'tls'
    ? { transport: kind, ...place }
    : { transport: kind, ...place, path: '/mqtt', headers: {} }
}

function listenerOf(kind: Kind) {
  const isTls = kind === 'tls' || kind === 'wss'
  return { host: '127.0.0.1', port: 0, isWebSocket: kind === 'ws' || kind === 'wss', ...(isTls && { tls }) }
}

describe('a client and a broker that speak another transport each', () => {
  for (const from of kinds) {
    for (const to of kinds) {
      test(`${from} → ${to}`, async () => {
        const upstream = transportSettings(targetOf(to, ports[to]), trusting)
        const proxy = await startProxy(upstream, { listeners: [listenerOf(from)] })
        const reach = transportSettings(targetOf(from, proxy.port), trusting)
        const { transport } = await openTransport(reach, patientDeadline())
        const client = new Collected(transport)

        transport.write(connect)
        await client.until(({ byteCount }) => byteCount > 4)
        transport.write(Buffer.from('e000', 'hex'))
        transport.end()
        const cause = await client.closed()
        const { isAbrupt } = await proxy.when('closed')
        await proxy.stop()

        assert.equal(client.bytes[0], 0x20)
        assert.equal(client.bytes[3], 0)
        assert.deepEqual(
          proxy.packets().map(({ packet }) => packet?.type),
          ['connect', 'connack', 'disconnect'],
        )
        assert.deepEqual([cause, isAbrupt], [undefined, false])
      })
    }
  }
})
