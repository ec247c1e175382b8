import { AsyncLocalStorage } from 'node:async_hooks'
import type { Duplex } from 'node:stream'
import { type Listener, listen, type OnConnection } from '../../connection/transport/listen.ts'
import { MqttCliError } from '../../errors.ts'
import { type AedesBroker, createAedesBroker } from './aedes-broker.ts'
import type { AedesPublish } from './aedes-packets.ts'
import { BrokerConnection } from './broker-connection.ts'
import type { BrokerHouse } from './broker-context.ts'
import { outboundMessage } from './outbound-message.ts'
import { permissionsWithout } from './permissions.ts'
import { SessionTable } from './session-table.ts'
import type { EmbeddedBroker, EmbeddedBrokerSettings } from './settings.ts'
import { type BoundAddress, type BrokerLimits, defaultLimits } from './settings.ts'

/** How long clients and listeners may take to go. */
const closingMs = 2000

/** Starts the broker; resolves when every port that was asked for is open. */
export async function startEmbeddedBroker(settings: EmbeddedBrokerSettings): Promise<EmbeddedBroker> {
  const house = await openHouse(settings)
  const connections = new Set<BrokerConnection>()
  let lastNumber = 0
  const accept =
    (transport: string): OnConnection =>
    (stream: Duplex, remote: string) => {
      const number = ++lastNumber
      house.emit({ event: 'opened', connection: number, transport, remote })
      const connection = new BrokerConnection(number, stream, house)
      connections.add(connection)
      stream.once('close', () => connections.delete(connection))
    }
  const listeners = await openListeners(settings, house.limits, accept).catch(async (error) => {
    await closed(house.aedes)
    throw error
  })
  return {
    ...addressesOf(listeners),
    endConnectionAtFault: (error) => {
      const connection = house.context.getStore()
      connection?.fault(error)
      return connection !== undefined
    },
    close: async () => {
      const ended = Promise.all(Object.values(listeners).map((listener) => listener.close()))
      for (const connection of connections) connection.shutDown()
      await closed(house.aedes)
      await withinClosingTime(ended)
    },
  }
}

async function openHouse(settings: EmbeddedBrokerSettings): Promise<BrokerHouse> {
  const limits = { ...defaultLimits, ...settings.limits }
  const emit = settings.onEvent ?? (() => {})
  const permissions = permissionsWithout(settings.deny ?? [])
  const sessions = new SessionTable(limits, (clientId, topic, cause) =>
    emit({ event: 'dropped', connection: 0, clientId, topic, cause }),
  )
  const enqueue = (clientIds: ReadonlySet<string>, packet: AedesPublish) => offerToAll(sessions, clientIds, packet)
  const aedes = await createAedesBroker({ users: settings.users, permissions, enqueue })
  aedes.on('error', (error) => emit({ event: 'fault', connection: 0, error }))
  aedes.on('sessionExpired', (client) => sessions.endIdle(client.id))
  aedes.on('sessionLimitReached', (client, { reason }) => {
    if (reason === 'sessionExpiry') sessions.endIdle(client.id)
  })
  const { watch } = settings
  return { aedes, sessions, limits, permissions, context: new AsyncLocalStorage(), emit, ...(watch && { watch }) }
}

async function offerToAll(sessions: SessionTable, clientIds: ReadonlySet<string>, packet: AedesPublish): Promise<void> {
  const offers = [...clientIds].map((clientId) => {
    const session = sessions.get(clientId)
    const message = session === undefined ? undefined : outboundMessage(packet, session)
    if (session === undefined || message === undefined || message.qos === 0) return undefined
    return new Promise<void>((taken) => session.offer(message, taken, packet.clientId !== clientId))
  })
  await Promise.all(offers)
}

type Place = 'tcpAddress' | 'tlsAddress' | 'webSocketAddress' | 'secureWebSocketAddress'
type Listeners = Partial<Record<Place, Listener>>

async function openListeners(
  settings: EmbeddedBrokerSettings,
  limits: BrokerLimits,
  accept: (transport: string) => OnConnection,
): Promise<Listeners> {
  const opened: Listeners = {}
  try {
    for (const { place, port, open } of listenersOf(settings, limits, accept)) {
      if (port !== undefined) opened[place] = await open(port)
    }
    return opened
  } catch (error) {
    await Promise.all(Object.values(opened).map((listener) => listener.close()))
    throw error
  }
}

function listenersOf(
  settings: EmbeddedBrokerSettings,
  limits: BrokerLimits,
  accept: (transport: string) => OnConnection,
) {
  const { host } = settings
  const webSocket = async (port: number, transport: string, secure: object) => {
    const { listenWebSocket } = await import('../../connection/transport/websocket-server.ts')
    const maximumMessageBytes = limits.maximumPacketSize + 64 * 1024 // packets may share a message
    return listenWebSocket({ host, port, maximumMessageBytes, ...secure }, accept(transport))
  }
  return [
    {
      place: 'tcpAddress',
      port: settings.tcpPort,
      open: (port: number) => listen({ host, port }, accept('tcp')),
    },
    {
      place: 'tlsAddress',
      port: settings.tlsPort,
      open: (port: number) => listen({ host, port, tls: tlsOf(settings) }, accept('tls')),
    },
    {
      place: 'webSocketAddress',
      port: settings.webSocketPort,
      open: (port: number) => webSocket(port, 'ws', {}),
    },
    {
      place: 'secureWebSocketAddress',
      port: settings.secureWebSocketPort,
      open: (port: number) => webSocket(port, 'wss', { tls: tlsOf(settings) }),
    },
  ] as const
}

function tlsOf({ tls }: EmbeddedBrokerSettings) {
  if (tls !== undefined) return tls
  throw new MqttCliError('usage', 'a TLS port needs a certificate and its key', {
    tries: ['name both files, in PEM: --cert server.crt --key server.key'],
  })
}

function addressesOf(listeners: Listeners): Partial<Record<Place, BoundAddress>> {
  const entries = Object.entries(listeners).map(([place, { host, port }]) => [place, { host, port }])
  return Object.fromEntries(entries)
}

function closed(aedes: AedesBroker): Promise<unknown> {
  return withinClosingTime(new Promise<void>((resolve) => aedes.close(resolve)))
}

function withinClosingTime(closing: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closingMs)
  })
  return Promise.race([closing, late]).finally(() => clearTimeout(timer))
}
