import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

/** What libuv knows of a stream, and node only half tells: its `bytesWritten` counts what is still queued. */
interface StreamHandle {
  readonly bytesWritten?: number
  readonly writeQueueSize?: number
  /** That of the kernel's socket, below one that encrypts. */
  readonly _parent?: StreamHandle
}

/**
 * Bytes that have left this machine on a socket: what the peer's kernel has, as far as ours tells. A large write is one
 * request to node from its first byte to its last, and megabytes of it may lie in the kernel.
 */
export function leftBytesOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: StreamHandle | null }
  const { bytesWritten, writeQueueSize } = handle?._parent ?? handle ?? {}
  if (bytesWritten === undefined || writeQueueSize === undefined) return socket.bytesWritten - socket.writableLength
  return bytesWritten - writeQueueSize - (kernelQueueBytes(socket) ?? 0)
}

/** Written and not acknowledged by the peer's kernel. Linux tells it in a table of all connections; elsewhere nobody does. */
function kernelQueueBytes({ localPort, remotePort, remoteFamily }: Socket): number | undefined {
  if (localPort === undefined || remotePort === undefined) return undefined
  const tables = remoteFamily === 'IPv6' ? ['tcp6'] : ['tcp', 'tcp6'] // an IPv4 connection of an IPv6 socket
  const row = new RegExp(
    `^\\s*\\d+: [0-9A-F]+:${hexPort(localPort)} [0-9A-F]+:${hexPort(remotePort)} \\w+ ([0-9A-F]+):`,
    'm',
  )
  for (const table of tables) {
    const [, queued] = row.exec(readTable(`/proc/self/net/${table}`)) ?? []
    if (queued !== undefined) return Number.parseInt(queued, 16)
  }
  return undefined
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return '' // not Linux, or no descriptor left
  }
}
