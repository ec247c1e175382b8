import type { Duplex } from 'node:stream'
import type { AedesPublish } from './aedes-packets.ts'
import { AedesDoor } from './aedes-socket.ts'
import type { Permissions } from './permissions.ts'
import type { UserTable } from './user-table.ts'

/** A connected client as aedes sees it: its public methods, and the fields that have to be put right. */
export interface AedesClient {
  readonly id: string
  readonly clean: boolean
  readonly conn: Duplex
  subscriptions: object
  deliver0: Deliver
  deliverQoS: Deliver
  subscribe(packet: { subscriptions: AedesSubscription[] }, done: (error?: Error | null) => void): void
  unsubscribe(packet: { unsubscriptions: string[] }, done: (error?: Error | null) => void): void
}

export type Deliver = (packet: AedesPublish, done: () => void) => void

export interface AedesSubscription {
  readonly topic: string
  /** The granted QoS, or the reason code of a refusal, once `subscribe` has called back. */
  qos: number
  readonly rh?: number
  readonly rap?: boolean
  readonly nl?: boolean
}

interface Persistence {
  outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: AedesPublish): Promise<void>
  removeSubscriptions(client: AedesClient, filters: readonly string[]): Promise<void>
}

export interface AedesBroker {
  clients: object
  readonly persistence: Persistence
  handle(stream: Duplex): AedesClient
  publish(packet: AedesPublish, client: AedesClient, done: (error?: Error | null) => void): void
  on(event: 'sessionExpired', listener: (client: AedesClient) => void): unknown
  on(event: 'sessionLimitReached', listener: (client: AedesClient, limit: { reason: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  close(done: () => void): void
}

/** More levels than this and qlobber, under aedes, throws. */
export const maximumTopicLevels = 100

/** Sessions that wait for their client at MQTT 5; the next one ends with its connection. */
const maximumWaitingSessions = 10_000

export interface BrokerHooks {
  readonly users: UserTable | undefined
  readonly permissions: Permissions
  /** A message of QoS 1 or 2 for sessions that outlive their connection. Resolves when the publisher may go on. */
  readonly enqueue: (clientIds: ReadonlySet<string>, packet: AedesPublish) => Promise<void>
}

/** aedes, without what made it fall over (docs/decisions/004). Loaded here and nowhere else: it costs 60 ms. */
export async function createAedesBroker(hooks: BrokerHooks): Promise<AedesBroker> {
  const { Aedes } = await import('aedes')
  const broker = (await Aedes.createBroker({
    concurrency: 0, // no queue inside: a queued message would run in the context of another connection
    maxClientsIdLength: 65_535, // 3.1 says 23, and every broker takes more
    maxTopicLevels: maximumTopicLevels,
    pendingSessionsLimit: maximumWaitingSessions,
    preConnect: (client, packet, done) => {
      if (packet.will && client.conn instanceof AedesDoor) Object.assign(packet.will, client.conn.will)
      done(null, true)
    },
    authenticate: (_client, username, password, done) => {
      const verdict = hooks.users?.check(username, password) ?? Promise.resolve(true)
      verdict.then((isRight) => (isRight ? done(null, true) : done(badUserNameOrPassword(), false)))
    },
    authorizePublish: (_client, packet, done) => {
      // only wills come here
      done(hooks.permissions.mayPublish(packet.topic) ? null : new Error('denied'))
    },
  })) as unknown as AedesBroker
  // A client called `constructor` would be found in an ordinary object.
  broker.clients = Object.create(null)
  broker.persistence.outgoingEnqueueCombi = (subscriptions, packet) =>
    hooks.enqueue(new Set(subscriptions.map(({ clientId }) => clientId)), packet)
  return broker
}

/** Return code 4, which aedes makes 0x86 at MQTT 5. */
function badUserNameOrPassword() {
  return Object.assign(new Error('bad user name or password'), { returnCode: 4 as const })
}
