import type { ConnectionSettings } from '../../connection/settings.ts'
import type { EmbeddedBroker } from './settings.ts'
import { startEmbeddedBroker } from './start-embedded-broker.ts'

const loopback = '127.0.0.1'

/**
 * Runs some work against a broker inside this process, on a free loopback port, and stops the broker after it.
 * `started` hears of the broker first, to send it the errors that are its own.
 */
export async function withEmbeddedBroker(
  settings: ConnectionSettings,
  started: (broker: EmbeddedBroker) => void,
  work: (settings: ConnectionSettings) => Promise<void>,
): Promise<void> {
  const broker = await startEmbeddedBroker({ host: loopback, tcpPort: 0 })
  started(broker)
  try {
    await work({ ...settings, target: { transport: 'tcp', host: loopback, port: broker.tcpAddress?.port ?? 0 } })
  } finally {
    await broker.close()
  }
}
