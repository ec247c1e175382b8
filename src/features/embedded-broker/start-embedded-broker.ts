// Embedded broker: a broker inside this process, for tests and the demo, bounded in memory whatever clients do. It prints
// nothing. Begin here: `client/` is one connection, `sessions/` what outlives it, `routing/` who gets a message, `access/`
// who may do what, `memory/` how much everything may hold.

import type { OnRejected } from '../../connection/transport/handshake-failure.ts'
import { type Listener, listen, type OnConnection, tooManyConnections } from '../../connection/transport/listen.ts'
import { MqttCliError } from '../../errors.ts'
import { BrokerConnection } from './client/broker-connection.ts'
import { createBrokerContext } from './create-broker-context.ts'
import type { BoundAddress, BrokerLimits, EmbeddedBroker, EmbeddedBrokerSettings } from './settings.ts'

/** How long clients and listeners may take to go. */
const closingMs = 2000

/** Starts the broker; resolves when every port that was asked for is open. */
export async function startEmbeddedBroker(settings: EmbeddedBrokerSettings): Promise<EmbeddedBroker> {
  const broker = createBrokerContext(settings)
  const connections = new Set<BrokerConnection>()
  let lastNumber = 0
  const accept = (transport: string): Reception => ({
    onConnection: (stream, remote, arrival) => {
      if (connections.size >= broker.limits.connections) {
        stream.destroy()
        broker.emit({ event: 'rejected', connection: 0, transport, remote, reason: tooManyConnections })
        return
      }
      const number = ++lastNumber
      broker.emit({ event: 'opened', connection: number, transport, remote })
      const connection = new BrokerConnection(number, { stream, ...arrival }, broker)
      connections.add(connection)
      stream.once('close', () => connections.delete(connection))
    },
    onRejected: (remote, reason, advice) =>
      broker.emit({ event: 'rejected', connection: 0, transport, remote, reason, ...(advice && { advice }) }),
  })
  const listeners = await openListeners(settings, broker.limits, accept).catch((error) => {
    broker.system.stop()
    throw error
  })
  return {
    ...addressesOf(listeners),
    endConnectionAtFault: (error) => {
      const connection = broker.atFault.getStore()
      connection?.fault(error)
      return connection !== undefined
    },
    close: async () => {
      const ended = Promise.all(Object.values(listeners).map((listener) => listener.close()))
      broker.system.stop()
      for (const connection of connections) connection.shutDown()
      broker.sessions.forgetAbsences()
      await withinClosingTime(ended)
    },
  }
}

/** Who gets the connections of a listener, and hears of those that came to nothing. */
interface Reception {
  readonly onConnection: OnConnection
  readonly onRejected: OnRejected
}

type Place = 'tcpAddress' | 'tlsAddress' | 'webSocketAddress' | 'secureWebSocketAddress'
type Listeners = Partial<Record<Place, Listener>>

async function openListeners(
  settings: EmbeddedBrokerSettings,
  limits: BrokerLimits,
  accept: (transport: string) => Reception,
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

function listenersOf(settings: EmbeddedBrokerSettings, limits: BrokerLimits, accept: (transport: string) => Reception) {
  const { host } = settings
  const shared = { host, handshakeMs: limits.connectDeadlineMs, maximumConnections: limits.connections }
  const plain = (port: number, transport: string, secure: object) => {
    const { onConnection, onRejected } = accept(transport)
    return listen({ ...shared, port, ...secure }, onConnection, onRejected)
  }
  const webSocket = async (port: number, transport: string, secure: object) => {
    const { listenWebSocket } = await import('../../connection/transport/server/websocket-server.ts')
    const maximumMessageBytes = limits.maximumPacketSize + 64 * 1024 // packets may share a message
    const origins = settings.webSocketOrigins ?? []
    const { onConnection, onRejected } = accept(transport)
    return listenWebSocket({ ...shared, port, maximumMessageBytes, origins, ...secure }, onConnection, onRejected)
  }
  return [
    {
      place: 'tcpAddress',
      port: settings.tcpPort,
      open: (port: number) => plain(port, 'tcp', {}),
    },
    {
      place: 'tlsAddress',
      port: settings.tlsPort,
      open: (port: number) => plain(port, 'tls', { tls: tlsOf(settings) }),
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
    tries: [{ try: 'server-certificate' }],
  })
}

function addressesOf(listeners: Listeners): Partial<Record<Place, BoundAddress>> {
  const entries = Object.entries(listeners).map(([place, { host, port }]) => [place, { host, port }])
  return Object.fromEntries(entries)
}

function withinClosingTime(closing: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closingMs)
  })
  return Promise.race([closing, late]).finally(() => clearTimeout(timer))
}
