import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ByteSource, DataEventSource, EarlySource, RecordSource } from './byte-source.ts'
import { lostConnection } from './connect-errors.ts'
import { readInto } from './server/read-into.ts'
import { SlicingTransport } from './slicing-transport.ts'
import { isPlainSocket, SocketTransport } from './socket-transport.ts'
import type { Transport } from './transport.ts'

/**
 * The connection of a client that came to a listener of ours, as a Transport: `remote` is what the listener calls it.
 * `readBuffer` may be shared, as that of `openTransport`.
 */
export function acceptedTransport(stream: Duplex, remote: string, readBuffer?: Buffer): Transport {
  const isPlain = isPlainSocket(stream)
  const transport = new SocketTransport(stream, sourceOf(stream, isPlain, readBuffer), remote, (description, error) =>
    lostConnection('client', description, error),
  )
  return isPlain ? transport : new SlicingTransport(transport)
}

function sourceOf(stream: Duplex, isPlain: boolean, readBuffer: Buffer | undefined): ByteSource {
  if (stream instanceof Socket) {
    const source = isPlain ? new EarlySource(readBuffer) : new RecordSource(readBuffer)
    source.readFrom(stream)
    if (readInto(stream, source.onread)) return source
  }
  return new DataEventSource(stream, isPlain)
}
