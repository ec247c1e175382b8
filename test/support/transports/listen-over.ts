import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TlsOptions } from 'node:tls'
import { listen } from '../network/free-port.ts'
import { type Address, type Reach, reachOf } from './reach.ts'
import { testCertificates } from './test-certificates.ts'
import { type TestTransport, thisTransport } from './transport-table.ts'

/** Lets a server of ours listen on loopback, or at a path of its own where the transport wants one. */
export async function listenOver(server: Server, transport: TestTransport = thisTransport): Promise<Reach & Address> {
  if (!transport.isUnix) {
    const address = { port: await listen(server) }
    return { ...address, ...reachOf(address, transport) }
  }
  const address = { socketPath: newSocketPath() }
  server.listen(address.socketPath)
  await once(server, 'listening')
  return { ...address, ...reachOf(address, transport) }
}

/** In a folder that ends with this process. */
export function newSocketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mq-'))
  process.setMaxListeners(process.getMaxListeners() + 1) // many brokers in one test file are no leak
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 's')
}

/** What node's TLS server takes. */
export function serverTls(): TlsOptions {
  const { cert, key } = testCertificates().issued.server
  return { cert, key }
}
