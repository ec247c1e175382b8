import type { Duplex } from 'node:stream'
import { DataEventSource } from './byte-source.ts'
import { lostConnection } from './connect-errors.ts'
import { SlicingTransport } from './slicing-transport.ts'
import { isPlainSocket, SocketTransport } from './socket-transport.ts'
import type { Transport } from './transport.ts'

/** The connection of a client that came to a listener of ours, as a Transport: `remote` is what the listener calls it. */
export function acceptedTransport(stream: Duplex, remote: string): Transport {
  const isPlain = isPlainSocket(stream)
  const transport = new SocketTransport(stream, new DataEventSource(stream, isPlain), remote, (description, error) =>
    lostConnection('client', description, error),
  )
  return isPlain ? transport : new SlicingTransport(transport)
}
