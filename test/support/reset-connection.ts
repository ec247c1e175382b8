import type { Socket } from 'node:net'

/**
 * A TCP reset and nothing else. Node's `resetAndDestroy()` ends the stream first, so that the peer sees a FIN, and the
 * reset only if it is slow; this is what it does after that.
 */
export function resetConnection(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy()
}
