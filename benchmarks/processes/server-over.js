import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** A server over TCP, or over TLS where it has a certificate. */
export function serverOver({ certFile, keyFile }, accept) {
  if (certFile === undefined) return createServer({ noDelay: true }, accept)
  const identity = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
  const server = createTlsServer({ ...identity, noDelay: true }, accept)
  server.on('tlsClientError', () => {}) // who breaks off has its own error to tell
  return server
}
