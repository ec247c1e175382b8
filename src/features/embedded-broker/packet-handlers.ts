import type { Publish, Subscribe, SubscriptionRequest, Unsubscribe } from '../../protocol/wire/packet.ts'
import type { AedesBroker, AedesClient, AedesSubscription } from './aedes-broker.ts'
import { maximumTopicLevels } from './aedes-broker.ts'
import { toAedes } from './aedes-packets.ts'
import type { BrokerSession } from './broker-session.ts'
import type { Permissions } from './permissions.ts'

const notAuthorized = 0x87
const topicFilterInvalid = 0x8f
const topicNameInvalid = 0x90
const noSubscriptionExisted = 0x11
const failure = 0x80

/** A client whose CONNECT was accepted, on both sides of the gate. */
export interface Served {
  readonly aedes: AedesBroker
  readonly client: AedesClient
  readonly session: BrokerSession
  readonly version: 3 | 4 | 5
  readonly permissions: Permissions
}

/** Publishes, and resolves when every subscriber that is here can take more. A reason code of 0x80 or above: refused. */
export async function servePublish(served: Served, publish: Publish): Promise<number> {
  if (!served.permissions.mayPublish(publish.topic)) return notAuthorized
  if (isTooDeep(publish.topic)) return topicNameInvalid
  await routed(served, publish)
  return 0
}

function routed({ aedes, client, session }: Served, publish: Publish): Promise<void> {
  return new Promise((resolve, reject) => {
    aedes.publish(toAedes(publish, session.clientId), client, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

/**
 * One filter at a time: aedes takes several through a plain object, which loses `__proto__`, merges a filter that comes
 * twice and sorts those that look like numbers, and so answers with too few codes or in the wrong order.
 */
export async function serveSubscribe(served: Served, packet: Subscribe): Promise<readonly number[]> {
  const codes: number[] = []
  const identifier = packet.properties.subscriptionIdentifier?.[0]
  for (const request of packet.subscriptions) {
    codes.push(await subscribeOne(served, request, identifier))
  }
  return codes
}

async function subscribeOne(served: Served, request: SubscriptionRequest, identifier?: number): Promise<number> {
  if (!served.permissions.maySubscribe(request.filter)) return refusalFor(served, request, notAuthorized)
  if (isTooDeep(request.filter)) return refusalFor(served, request, topicFilterInvalid)
  const { subscriptions } = served.session
  const before = subscriptions.get(request.filter)
  // Known here before aedes looks for retained messages: they come back through here.
  subscriptions.set(request.filter, { ...request, ...(identifier === undefined ? {} : { identifier }) })
  const granted = await subscribed(served, request)
  if (granted < failure) return granted
  if (before === undefined) subscriptions.delete(request.filter)
  else subscriptions.set(request.filter, before)
  return granted
}

/** 3.1.1 has one code for every refusal, and 3.1 has none: there the client is told what it asked for. */
function refusalFor({ version }: Served, request: SubscriptionRequest, code: number): number {
  if (version === 5) return code
  return version === 4 ? failure : request.qos
}

function subscribed({ client, version }: Served, request: SubscriptionRequest): Promise<number> {
  const subscription: AedesSubscription = {
    topic: request.filter,
    qos: request.qos,
    ...(version < 5 ? {} : { rh: request.retainHandling, rap: request.retainAsPublished, nl: request.noLocal }),
  }
  return new Promise((resolve, reject) => {
    client.subscribe({ subscriptions: [subscription] }, (error) => {
      if (error) reject(error)
      else queueMicrotask(() => resolve(subscription.qos)) // written into it right after this callback
    })
  })
}

export async function serveUnsubscribe(served: Served, packet: Unsubscribe): Promise<readonly number[]> {
  const { session, client, aedes } = served
  const known = new Set(packet.filters.filter((filter) => session.subscriptions.has(filter)))
  const codes = packet.filters.map((filter) => (session.subscriptions.delete(filter) ? 0 : noSubscriptionExisted))
  if (known.size === 0) return codes
  if (!client.clean) await aedes.persistence.removeSubscriptions(client, [...known])
  await unsubscribed(client, [...known])
  return codes
}

function unsubscribed(client: AedesClient, filters: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.unsubscribe({ unsubscriptions: filters }, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

function isTooDeep(topicOrFilter: string): boolean {
  let levels = 1
  for (let at = topicOrFilter.indexOf('/'); at !== -1; at = topicOrFilter.indexOf('/', at + 1)) levels++
  return levels > maximumTopicLevels
}
