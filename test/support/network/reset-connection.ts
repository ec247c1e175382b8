import type { Socket } from 'node:net'

interface Insides {
  /** Of a TLS socket: the one below, which alone knows how to reset. */
  readonly _parent?: Socket
  /** A unix socket has no reset. */
  readonly _handle?: { readonly reset?: unknown } | null
}

/**
 * A TCP reset and nothing else. Node's `resetAndDestroy()` ends the stream first, so that the peer sees a FIN, and the
 * reset only if it is slow; this is what it does after that. A unix socket is just closed.
 */
export function resetConnection(socket: Socket): void {
  const carrier = (socket as Insides)._parent ?? socket
  const canReset = (carrier as Insides)._handle?.reset !== undefined
  Object.assign(carrier, { resetAndClosing: canReset }).destroy()
}
