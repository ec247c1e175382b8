import type { BrokerEvent } from '../../src/features/embedded-broker/events.ts'
import type { EmbeddedBroker, EmbeddedBrokerSettings } from '../../src/features/embedded-broker/settings.ts'
import { startEmbeddedBroker } from '../../src/features/embedded-broker/start-embedded-broker.ts'
import { Changing } from './patience.ts'

/** The embedded broker on a free loopback port, and all that it tells. */
export interface WatchedBroker {
  readonly broker: EmbeddedBroker
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
  const broker = await startEmbeddedBroker({ host: '127.0.0.1', tcpPort: 0, ...settings, onEvent })
  return {
    broker,
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
    close: () => broker.close(),
  }
}
