import { setMaxListeners } from 'node:events'
import type { Abortable } from '../abort.ts'
import { openTcp } from './tcp.ts'
import type { TransportMemory, TransportOpened, TransportSettings } from './transport.ts'
import { openUnix } from './unix.ts'

/**
 * Opens the way to the broker. The deadline covers every step from DNS on; its reason, one of our errors, is what is
 * thrown when it fires. TLS and WebSocket load on demand: a plain `pub` does not pay for them.
 *
 * `readBuffer` may be shared by any number of connections on one thread (a read and its `onBytes` are one step), which
 * is what keeps ten thousand idle connections small. Not on Windows, where the kernel holds it between reads.
 */
export async function openTransport(
  settings: TransportSettings,
  deadline: Abortable,
  readBuffer?: Buffer,
  memory?: TransportMemory,
): Promise<TransportOpened> {
  deadline.throwIfAborted()
  // Thousands of connections may open under one signal, and node would warn of a leak.
  if (deadline instanceof AbortSignal) setMaxListeners(0, deadline)
  switch (settings.target.transport) {
    case 'tcp':
      return openTcp(settings, settings.target, deadline, readBuffer)
    case 'unix':
      return openUnix(settings.target.path, deadline, readBuffer)
    case 'tls': {
      const { openTls } = await import('./tls/tls.ts')
      const { SlicingTransport } = await import('./slicing-transport.ts')
      const opened = await openTls(settings, settings.target, deadline, memory, readBuffer)
      return { ...opened, transport: new SlicingTransport(opened.transport) }
    }
    default: {
      const { openWebSocket } = await import('./websocket.ts')
      const { SlicingTransport } = await import('./slicing-transport.ts')
      const opened = await openWebSocket(settings, settings.target, deadline, memory)
      return { ...opened, transport: new SlicingTransport(opened.transport) }
    }
  }
}
