import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { BenchSettings, ClientPatterns } from '../settings.ts'
import { fillPattern, type PatternValues } from './client-pattern.ts'
import { filledProperties, filledWill } from './expand-placeholders.ts'

/** The settings of the client with this number, its places filled. */
export function clientSettings(
  connection: ConnectionSettings,
  clients: ClientPatterns,
  index: number,
  runName: string,
): ConnectionSettings {
  const names = clientNames(clients, index, runName)
  const login = clients.credentials?.[index % Math.max(1, clients.credentials.length)]
  const password =
    login?.password ?? (clients.password === undefined ? undefined : fillPattern(clients.password, names))
  const { will } = connection
  return {
    ...connection,
    ...addressesOf(clients, index),
    properties: filledProperties(connection.properties, names),
    disconnectProperties: filledProperties(connection.disconnectProperties, names),
    ...(will && { will: filledWill(will, names) }),
    clientId: names.clientId ?? '',
    ...(names.username !== undefined && { username: names.username }),
    ...(password !== undefined && { password: Buffer.from(password) }),
  }
}

/** Every broker is reached from every local address before a pair comes again. */
function addressesOf({ targets = [], localAddresses = [] }: ClientPatterns, index: number) {
  const target = targets[index % targets.length]
  const bindAddress = localAddresses[Math.floor(index / Math.max(1, targets.length)) % localAddresses.length]
  return { ...(target && { target }), ...(bindAddress !== undefined && { bindAddress }) }
}

/** What the places of topics stand for in this client. */
export function clientNames(clients: ClientPatterns, index: number, runName: string): PatternValues {
  const login = clients.credentials?.[index % Math.max(1, clients.credentials.length)]
  const own = { index, random: runName }
  const username = login?.username ?? (clients.username === undefined ? undefined : fillPattern(clients.username, own))
  const clientId = fillPattern(clients.clientId, { ...own, ...(username !== undefined && { username }) })
  return { ...own, clientId, ...(username !== undefined && { username }) }
}

/** What the places stand for in a publisher, which has its own number, and connects behind all subscribers. */
export function publisherNames(
  { clients, subscribers }: Pick<BenchSettings, 'clients' | 'subscribers'>,
  publisher: number,
  runName: string,
): PatternValues {
  return { ...clientNames(clients, subscribers + publisher, runName), index: publisher }
}
