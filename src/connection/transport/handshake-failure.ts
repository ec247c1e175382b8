import type { Socket } from 'node:net'
import type { Server } from 'node:tls'
import type { KeyedAdvice } from '../../advice.ts'

/** A client that came to a listener and never became a connection: where it came from, why, and what would let it in. */
export type OnRejected = (remote: string, reason: string, advice?: KeyedAdvice) => void

const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'what it sent is no TLS',
  ERR_SSL_HTTP_REQUEST: 'it sent plain HTTP, and this port expects TLS',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'its TLS handshake did not come to an end in time',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not know the authority of our certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not take our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not take our certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'our certificate has expired',
  ERR_SSL_NO_SHARED_CIPHER: 'it has no cipher in common with us',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'its version of TLS is too old',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'it sent no certificate, and one is wanted',
  ECONNRESET: 'it closed the connection in the middle of the TLS handshake',
}

/** Why a TLS handshake with a client came to nothing, and whose it was. */
function handshakeFailure(error: NodeJS.ErrnoException, socket: Socket): Told {
  const remote = socket.remoteAddress === undefined ? 'unknown' : `${socket.remoteAddress}:${socket.remotePort}`
  return [remote, reasons[error.code ?? ''] ?? `the TLS handshake failed: ${error.code ?? error.message}`]
}

/** Tells of handshakes that come to nothing, and ends the one that never comes to an end: Node tells of it and leaves it open. */
export function watchHandshakes(server: Pick<Server, 'on'>, onFailure: (socket: Socket, ...told: Told) => void): void {
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    onFailure(socket, ...handshakeFailure(error, socket))
    if (error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT') socket.destroy()
  })
}

type Told = readonly [remote: string, reason: string]
