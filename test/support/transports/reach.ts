import type { TlsSettings } from '../../../src/connection/settings.ts'
import type { TransportSettings } from '../../../src/connection/transport/transport.ts'
import { testCertificates } from './test-certificates.ts'
import { type TestTransport, thisTransport } from './transport-table.ts'

/** Where something listens. */
export type Address = { readonly port: number } | { readonly socketPath: string }

/** How to get there, for our program and for our own code. */
export interface Reach {
  readonly transport: TestTransport
  /** Of any command. */
  readonly flags: readonly string[]
  readonly url: string
  readonly target: TransportSettings['target']
  readonly tls: TlsSettings
}

const host = '127.0.0.1'
const schemes = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss', unix: 'unix' } as const

/** Something that listens at this address, over the transport of this run unless told otherwise. */
export function reachOf(address: Address, transport: TestTransport = thisTransport): Reach {
  const trusted = transport.isTls ? { caFile: testCertificates().caFile } : {}
  const url = urlOf(address, transport)
  return {
    transport,
    flags: ['-L', url, ...(trusted.caFile === undefined ? [] : ['--cafile', trusted.caFile])],
    url,
    target: targetOf(address, transport),
    tls: { insecure: false, ...trusted },
  }
}

function urlOf(address: Address, { name, isWebSocket }: TestTransport): string {
  const place = 'port' in address ? `${host}:${address.port}` : address.socketPath
  return `${schemes[name]}://${place}${isWebSocket ? '/mqtt' : ''}`
}

function targetOf(address: Address, { name }: TestTransport): TransportSettings['target'] {
  if ('socketPath' in address) return { transport: 'unix', path: address.socketPath }
  const { port } = address
  if (name === 'ws' || name === 'wss') return { transport: name, host, port, path: '/mqtt', headers: {} }
  return { transport: name === 'tls' ? 'tls' : 'tcp', host, port }
}
