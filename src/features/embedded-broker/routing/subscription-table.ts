import type { BrokerSession } from '../sessions/broker-session.ts'
import type { Message } from './message.ts'
import { ShareGroup } from './share-group.ts'
import { type Match, matchOf, type Subscription } from './subscription.ts'
import { eachFilterFor, TopicTree } from './topic-tree.ts'

interface Subscribers {
  readonly sessions: Map<BrokerSession, Subscription>
  readonly shares: Map<string, ShareGroup>
}

/** Who subscribed to what, by topic levels: routing a message costs what it matches, whatever else there is. */
export class SubscriptionTable {
  readonly #tree = new TopicTree<Subscribers>()
  #count = 0

  get count(): number {
    return this.#count
  }

  add(session: BrokerSession, subscription: Subscription): void {
    const { sessions, shares } = this.#tree.getOrMake(matched(subscription), () => {
      return { sessions: new Map(), shares: new Map() }
    })
    if (subscription.share === undefined) {
      if (!sessions.has(session)) this.#count++
      sessions.set(session, subscription)
      return
    }
    const { shareName } = subscription.share
    const group = shares.get(shareName) ?? new ShareGroup()
    shares.set(shareName, group)
    if (group.add(session, subscription)) this.#count++
  }

  remove(session: BrokerSession, subscription: Subscription): void {
    const subscribers = this.#tree.get(matched(subscription))
    if (subscribers === undefined) return
    this.#count--
    const { sessions, shares } = subscribers
    if (subscription.share === undefined) sessions.delete(session)
    else {
      const group = shares.get(subscription.share.shareName)
      group?.remove(session)
      if (group?.isEmpty === true) shares.delete(subscription.share.shareName)
    }
    if (sessions.size === 0 && shares.size === 0) this.#tree.delete(matched(subscription))
  }

  /** Shows each session that gets the message; one that also shares a subscription to it gets it for that as well. */
  eachRecipient(message: Message, show: (session: BrokerSession, match: Match) => void): void {
    const found = new Map<BrokerSession, Match>()
    eachFilterFor(this.#tree, message.topic, ({ sessions, shares }) => {
      for (const [session, subscription] of sessions) {
        const isOwn = subscription.noLocal && session.clientId === message.from // [MQTT-3.8.3-3]
        if (!isOwn && session.mayReceive(message.topic)) combine(found, session, subscription)
      }
      for (const group of shares.values()) {
        const chosen = group.choose(message)
        if (chosen !== undefined) show(chosen.session, matchOf(chosen.subscription))
      }
    })
    for (const [session, match] of found) show(session, match)
  }
}

function matched({ filter, share }: Subscription): string {
  return share?.filter ?? filter
}

function combine(found: Map<BrokerSession, Match>, session: BrokerSession, subscription: Subscription): void {
  const match = found.get(session)
  if (match === undefined) {
    found.set(session, matchOf(subscription))
    return
  }
  if (subscription.qos > match.qos) match.qos = subscription.qos
  if (subscription.retainAsPublished) match.retainAsPublished = true
  if (subscription.identifier !== undefined) match.identifiers.push(subscription.identifier)
}
