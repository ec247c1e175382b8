import type { ConnectionSettings } from '../../connection/settings.ts'
import { demoUser } from './script.ts'

/** How a client of the demonstration connects: MQTT 5 over TCP, one try, with the user's name and this password. */
export function demoConnection(host: string, port: number, clientId: string, password: string): ConnectionSettings {
  return {
    target: { transport: 'tcp', host, port },
    tls: { insecure: false },
    noDelay: true,
    connectDeadlineMs: 5000,
    version: 5,
    clientId,
    cleanStart: true,
    cleanSession311: true,
    resumesUserSession: false,
    keepAliveSeconds: 60,
    username: demoUser,
    password: Buffer.from(password),
    properties: {},
    reconnect: { mode: 'never' },
    endSessionOnClose: false,
    disconnectProperties: {},
  }
}
