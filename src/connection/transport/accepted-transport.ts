import type { Duplex } from 'node:stream'
import { DataEventSource } from './byte-source.ts'
import { lostConnection } from './connect-errors.ts'
import { isPlainSocket, SocketTransport } from './socket-transport.ts'
import type { Transport } from './transport.ts'

/** The connection of a client that came to a listener of ours, as a Transport: `remote` is what the listener calls it. */
export function acceptedTransport(stream: Duplex, remote: string): Transport {
  return new SocketTransport(stream, new DataEventSource(stream, isPlainSocket(stream)), remote, (description, error) =>
    lostConnection('client', description, error),
  )
}
