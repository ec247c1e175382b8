import type { ConnectionSettings, TlsSettings } from '../../../connection/settings.ts'
import type { Properties, Will } from '../../../protocol/wire/packet.ts'
import { type BenchSettings, type ClientCounts, type ClientPatterns, wholeOf } from '../settings.ts'
import { expandPlaceholders, type PlaceholderValues } from './expand-placeholders.ts'

const percentByte = 0x25

/** The settings of the client with this number, its placeholders expanded. */
export function clientSettings(
  connection: ConnectionSettings,
  clients: ClientPatterns,
  index: number,
  runName: string,
): ConnectionSettings {
  const names = clientNames(clients, index, runName)
  const login = clients.credentials?.[index % Math.max(1, clients.credentials.length)]
  const password =
    login?.password ?? (clients.password === undefined ? undefined : expandPlaceholders(clients.password, names))
  const { will } = connection
  return {
    ...connection,
    ...addressesOf(clients, index),
    tls: expandedTls(connection.tls, names),
    properties: expandedProperties(connection.properties, names),
    disconnectProperties: expandedProperties(connection.disconnectProperties, names),
    ...(will && { will: expandedWill(will, names) }),
    clientId: names.clientId ?? '',
    ...(names.username !== undefined && { username: names.username }),
    ...(password !== undefined && { password: Buffer.from(password) }),
  }
}

/** A certificate and a key for each client, where their paths have placeholders. */
function expandedTls(tls: TlsSettings, names: PlaceholderValues): TlsSettings {
  const { certFile, keyFile } = tls
  if (certFile?.includes('%') !== true && keyFile?.includes('%') !== true) return tls
  return {
    ...tls,
    ...(certFile !== undefined && { certFile: expandPlaceholders(certFile, names) }),
    ...(keyFile !== undefined && { keyFile: expandPlaceholders(keyFile, names) }),
  }
}

/** Every broker is reached from every local address before a pair comes again. */
function addressesOf({ targets = [], localAddresses = [] }: ClientPatterns, index: number) {
  const target = targets[index % targets.length]
  const bindAddress = localAddresses[Math.floor(index / Math.max(1, targets.length)) % localAddresses.length]
  return { ...(target && { target }), ...(bindAddress !== undefined && { bindAddress }) }
}

/** What the placeholders of topics stand for in this client. */
export function clientNames(clients: ClientPatterns, index: number, runName: string): PlaceholderValues {
  const login = clients.credentials?.[index % Math.max(1, clients.credentials.length)]
  const { firstNumber = 0 } = clients
  const own = { index: firstNumber + index, random: runName }
  const username =
    login?.username ?? (clients.username === undefined ? undefined : expandPlaceholders(clients.username, own))
  const clientId = expandPlaceholders(clients.clientId, { ...own, ...(username !== undefined && { username }) })
  return { ...own, clientId, ...(username !== undefined && { username }) }
}

/** What the placeholders stand for in a publisher, which has its own number, and connects behind all subscribers. */
export function publisherNames(
  settings: Pick<BenchSettings, 'clients' | 'part' | keyof ClientCounts>,
  publisher: number,
  runName: string,
): PlaceholderValues {
  const { clients } = settings
  const { firstNumber = 0 } = clients
  const names = clientNames(clients, wholeOf(settings).subscribers + publisher, runName)
  return { ...names, index: firstNumber + publisher }
}

/** The values of user properties with their placeholders expanded. The same object where they have none: thousands share it. */
export function expandedProperties(properties: Properties, names: PlaceholderValues): Properties {
  const { userProperties } = properties
  if (userProperties?.some(([, value]) => value.includes('%')) !== true) return properties
  return {
    ...properties,
    userProperties: userProperties.map(([name, value]) => [name, expandPlaceholders(value, names)]),
  }
}

/** Likewise, in topic, payload and user properties. The payload is text: it was typed. */
function expandedWill(will: Will, names: PlaceholderValues): Will {
  return {
    ...will,
    topic: expandPlaceholders(will.topic, names),
    payload: expandedPayload(will.payload, names),
    properties: expandedProperties(will.properties, names),
  }
}

function expandedPayload(payload: Uint8Array, names: PlaceholderValues): Uint8Array {
  if (!payload.includes(percentByte)) return payload
  return Buffer.from(expandPlaceholders(Buffer.from(payload).toString(), names))
}
