import type { ConnectionSettings } from '../../src/connection/settings.ts'

/** Plain settings for a broker on loopback, with what a test is about changed. */
export function connectionSettings(port: number, changes: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    target: { transport: 'tcp', host: '127.0.0.1', port },
    tls: { insecure: false },
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
