import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { BenchSettings } from '../settings.ts'
import { clientSettings } from './client-settings.ts'

/** A client that is no part of the load: with a name of its own, and without a will or a session. */
export function beside({ connection, clients }: BenchSettings, runName: string, what: string): ConnectionSettings {
  const { will: _, ...own } = clientSettings(connection, clients, 0, runName)
  const clientId = `bench-${runName}-${what}`
  return { ...own, clientId, cleanStart: true, cleanSession311: true, resumesUserSession: false }
}
