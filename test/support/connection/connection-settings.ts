import type { ConnectionSettings } from '../../../src/connection/settings.ts'
import { type Reach, reachOf } from '../transports/reach.ts'
import { transportTable } from '../transports/transport-table.ts'

/** Plain settings for a broker on loopback, with what a test is about changed. */
export function connectionSettings(
  broker: Pick<Reach, 'target' | 'tls'> | number,
  changes: Partial<ConnectionSettings> = {},
): ConnectionSettings {
  const { target, tls } = typeof broker === 'number' ? reachOf({ port: broker }, transportTable.tcp) : broker
  return {
    target,
    tls,
    noDelay: true,
    connectDeadlineMs: 10_000,
    version: 5,
    clientId: 'c1',
    cleanStart: true,
    cleanSession311: true,
    resumesUserSession: false,
    keepAliveSeconds: 60,
    properties: {},
    reconnect: { mode: 'forever' },
    endSessionOnClose: false,
    disconnectProperties: {},
    ...changes,
  }
}
