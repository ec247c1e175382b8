import { connect, createServer, type Socket } from 'node:net'
import type { Sender } from '../../../src/protocol/wire/packet.ts'
import { listenOver } from '../transports/listen-over.ts'
import type { Reach } from '../transports/reach.ts'

export interface SlowRelay extends Reach {
  /** For `t.after(relay.close)`. */
  readonly close: () => void
}

const tickMs = 100

/**
 * A slow line to a broker: what this side sends passes at so many bytes a second, and what it sends faster than that
 * stays with its own kernel. Knows nothing of what the bytes are, so TLS and WebSocket pass through.
 */
export async function startSlowRelay(broker: Reach, slow: Sender, bytesPerSecond: number): Promise<SlowRelay> {
  const sockets = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  const server = createServer((client) => {
    const onward = connect(addressOf(broker))
    for (const socket of [client, onward]) sockets.add(socket.on('error', () => {}))
    const [from, to] = slow === 'client' ? [client, onward] : [onward, client]
    const ticking = setInterval(() => passSome(from, to, (bytesPerSecond * tickMs) / 1000), tickMs)
    timers.add(ticking)
    to.pipe(from)
    from.once('close', () => {
      clearInterval(ticking)
      to.end()
    })
  })
  const reach = await listenOver(server, broker.transport)
  return {
    ...reach,
    close: () => {
      server.close()
      for (const timer of timers) clearInterval(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Read, not piped: what was not asked for stays where it is. */
function passSome(from: Socket, to: Socket, bytes: number): void {
  const available = Math.min(bytes, from.readableLength)
  const some: Buffer | null = available === 0 ? from.read(0) : from.read(available)
  if (some !== null) to.write(some)
}

function addressOf({ target }: Reach): { path: string } | { host: string; port: number } {
  return target.transport === 'unix' ? { path: target.path } : { host: target.host, port: target.port }
}
