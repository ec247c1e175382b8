import type { Server, TLSSocket } from 'node:tls'

const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  INVALID_PURPOSE: 'its certificate is not for clients',
}

/**
 * Node takes any certificate of a client, looks at it when the handshake is over, and then drops the connection without
 * a word to either side. Here the handshake is left alone, who asks `isTrusted` says why not, and the client is told the
 * end of the connection by an alert. `keylog` is the one event that comes with the socket while the handshake goes on.
 */
export function keepUntrusted(server: Pick<Server, 'on'>): void {
  server.on('keylog', (_line: Buffer, socket: TLSSocket) => {
    Reflect.set(socket, '_rejectUnauthorized', false)
  })
}

/** Sends away a client whose certificate none of the authorities signed. A client without one never comes this far. */
export function isTrusted(socket: TLSSocket, onUntrusted: (reason: string) => void): boolean {
  if (socket.authorized) return true
  const code = String(socket.authorizationError)
  onUntrusted(reasons[code] ?? `none of our authorities signed its certificate (${code})`)
  socket.on('error', () => {})
  socket.end() // close_notify
  setTimeout(() => socket.destroy(), 1000).unref()
  return false
}
