import type { BrokerEvent } from '../../../src/features/embedded-broker/events.ts'
import type { EmbeddedBroker, EmbeddedBrokerSettings } from '../../../src/features/embedded-broker/settings.ts'
import { startEmbeddedBroker } from '../../../src/features/embedded-broker/start-embedded-broker.ts'
import { Changing } from '../program/patience.ts'
import { type Reach, reachOf } from '../transports/reach.ts'
import { startTerminator } from '../transports/terminator.ts'
import { testCertificates } from '../transports/test-certificates.ts'
import { thisTransport } from '../transports/transport-table.ts'

/** The embedded broker on free loopback ports, and all that it tells. Its flags lead to it over the transport of this run. */
export interface WatchedBroker extends Reach {
  readonly broker: EmbeddedBroker
  /** For TCP. */
  readonly port: number
  readonly events: readonly BrokerEvent[]
  /** Of the connection that comes from this port. */
  eventsOf(localPort: number): readonly BrokerEvent[]
  /** The first event of this name, now or later. */
  when<Name extends BrokerEvent['event']>(name: Name): Promise<Extract<BrokerEvent, { event: Name }>>
  /** Resolves when that many events of this name have come. */
  whenCount(name: BrokerEvent['event'], count: number): Promise<void>
  close(): Promise<void>
}

export async function startWatchedBroker(settings: Partial<EmbeddedBrokerSettings> = {}): Promise<WatchedBroker> {
  const events: BrokerEvent[] = []
  const changing = new Changing()
  const onEvent = (event: BrokerEvent) => {
    events.push(event)
    changing.changed()
  }
  const more = portOfThisRun()
  const broker = await startEmbeddedBroker({ host: '127.0.0.1', tcpPort: 0, ...more, ...settings, onEvent })
  const { close: closeTerminator, ...reach } = await reached(broker)
  return {
    broker,
    ...reach,
    port: broker.tcpAddress?.port ?? 0,
    events,
    eventsOf: (localPort) => {
      // The newest: ports are used again.
      const from = events.findLastIndex((event) => event.event === 'opened' && event.remote.endsWith(`:${localPort}`))
      return events.slice(Math.max(0, from)).filter(({ connection }) => connection === events[from]?.connection)
    },
    when: (name) => {
      const look = () => events.find((event) => event.event === name)
      return changing.when(look, `the event ${name}`) as Promise<never>
    },
    whenCount: async (name, count) => {
      const counted = () => events.filter(({ event }) => event === name).length
      await changing.when(
        () => (counted() >= count ? true : undefined),
        () => `${count} ${name}; came: ${counted()}`,
      )
    },
    close: () => {
      closeTerminator()
      return broker.close()
    },
  }
}

/** It listens on every transport but a unix socket. */
function portOfThisRun(): Partial<EmbeddedBrokerSettings> {
  const { name, isTls } = thisTransport
  const ports = { tcp: {}, unix: {}, tls: { tlsPort: 0 }, ws: { webSocketPort: 0 }, wss: { secureWebSocketPort: 0 } }
  if (!isTls) return ports[name]
  const { certFile, keyFile } = testCertificates()
  return { ...ports[name], tls: { certFile: certFile('server'), keyFile: keyFile('server') } }
}

async function reached(broker: EmbeddedBroker): Promise<Reach & { readonly close: () => void }> {
  const { tcpAddress, tlsAddress, webSocketAddress, secureWebSocketAddress } = broker
  const own = { tls: tlsAddress, ws: webSocketAddress, wss: secureWebSocketAddress }
  if (thisTransport.name in own) {
    const port = own[thisTransport.name as keyof typeof own]?.port ?? 0
    return { ...reachOf({ port }), close: () => {} }
  }
  return startTerminator(tcpAddress?.port ?? 0)
}
