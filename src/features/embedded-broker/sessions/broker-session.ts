import { ReasonCode } from '../../../protocol/reason-code.ts'
import type { Acknowledgement, Packet, ProtocolVersion, Publish, QoS } from '../../../protocol/wire/packet.ts'
import type { DropCause } from '../events.ts'
import { type MemoryBudget, oneClientShare } from '../memory/memory-budget.ts'
import type { Message } from '../routing/message.ts'
import type { Match, Subscription } from '../routing/subscription.ts'
import { entryBytes } from '../routing/topic-tree.ts'
import type { BrokerLimits } from '../settings.ts'
import { type Held, Outgoing } from './outgoing.ts'

/** The way to a client that is connected. */
export interface Channel {
  readonly version: ProtocolVersion
  /** The client's own limit for messages that it has not acknowledged. */
  readonly receiveMaximum: number
  /** False when the socket is full; `drained` is called on the session when it is not any more. */
  send(packet: Packet): SendResult
  readonly congested: boolean
  /** Another client came with the same identifier: tell this one, and close. */
  takenOver(): void
}

export type SendResult = 'sent' | 'too large'

export type SessionLimits = Pick<BrokerLimits, 'queuedMessages' | 'publisherWaitMs'>

/** Beyond this many waiting messages, whoever publishes to this client has to wait. */
const comfortableQueue = 1000

/** How many messages a client may leave unacknowledged, whatever it says that it takes. */
const inFlightBound = 1000

/** Packet identifier of a QoS 2 message that is not released, in memory. */
const receivedBytes = 100

/**
 * What the broker keeps for one client identifier: subscriptions, messages on their way to it and the QoS 2 messages
 * from it that are not released. Outlives the connection when the client asked for that.
 */
export class BrokerSession {
  readonly clientId: string
  readonly subscriptions = new Map<string, Subscription>()
  readonly outgoing: Outgoing
  /** Whether its user may see this topic. */
  mayReceive: (topic: string) => boolean = () => true
  /** Packet identifiers of QoS 2 messages taken from the client and not released by it yet [MQTT-4.3.3-10]. */
  readonly #received = new Set<number>()
  readonly #onDrop: (topic: string, cause: DropCause) => void
  readonly #limits: SessionLimits
  readonly #budget: MemoryBudget
  #filterBytes = 0
  #channel: Channel | undefined
  /** Of publishers: they wait for `publisherWaitMs` at most. */
  #waitingPublishers: (() => void)[] = []
  /** Of those that wait without a limit: retained messages. */
  #waitingFeeds: (() => void)[] = []
  #waitTimer: NodeJS.Timeout | undefined
  #isWaitOver = false

  constructor(
    clientId: string,
    limits: SessionLimits,
    budget: MemoryBudget,
    onDrop: (topic: string, cause: DropCause) => void,
  ) {
    this.clientId = clientId
    this.outgoing = new Outgoing(budget)
    this.#limits = limits
    this.#budget = budget
    this.#onDrop = onDrop
  }

  get channel(): Channel | undefined {
    return this.#channel
  }

  /** Whether publishers have to wait for this client. */
  get isBehind(): boolean {
    if (this.#channel === undefined) return false
    if (this.#channel.congested || this.outgoing.waiting > comfortableQueue) return true
    return this.outgoing.bytes > (this.#budget.limitBytes * oneClientShare) / 2
  }

  /** A connection took the session over: what was in flight goes out again, then what waits [MQTT-4.4.0-1]. */
  attach(channel: Channel): void {
    this.#channel = channel
    for (const packetId of this.outgoing.restart()) channel.send(pubrel(packetId))
    this.#pump()
  }

  detach(channel: Channel): void {
    if (this.#channel !== channel) return
    this.#channel = undefined
    this.#keptUp()
  }

  /** The session is over: nothing of it is kept. */
  clear(): void {
    this.outgoing.clear()
    this.#budget.release(this.#filterBytes + this.#received.size * receivedBytes)
    this.#filterBytes = 0
    this.#received.clear()
  }

  /** False when there is no room for one more. */
  keepSubscription(subscription: Subscription): boolean {
    const { filter } = subscription
    const bytes = this.subscriptions.has(filter) ? 0 : entryBytes(filter)
    if (!this.#budget.hasRoom(bytes, this.#filterBytes)) return false
    this.#countFilter(bytes)
    this.subscriptions.set(filter, subscription)
    return true
  }

  forgetSubscription(filter: string): void {
    if (this.subscriptions.delete(filter)) this.#countFilter(-entryBytes(filter))
  }

  /** False when there is no room for another message that waits for its release. */
  remember(packetId: number): boolean {
    if (this.#received.has(packetId)) return true
    if (!this.#budget.hasRoom(receivedBytes, this.#received.size * receivedBytes)) return false
    this.#budget.take(receivedBytes)
    this.#received.add(packetId)
    return true
  }

  hasReceived(packetId: number): boolean {
    return this.#received.has(packetId)
  }

  released(packetId: number): boolean {
    const isKnown = this.#received.delete(packetId)
    if (isKnown) this.#budget.release(receivedBytes)
    return isKnown
  }

  /** Takes a message for the client. What comes back is for the publisher to wait for, and there only when it has to. */
  offer(message: Message, match: Match, options: { isRetained: boolean; mayWait: boolean }): Promise<void> | undefined {
    const retain = options.isRetained || (match.retainAsPublished && message.retain) // [MQTT-3.3.1-8] [MQTT-3.3.1-12]
    const qos = Math.min(message.qos, match.qos) as QoS // [MQTT-3.8.4-8]
    this.#take({ message, qos, retain, identifiers: match.identifiers, sentBefore: false })
    if (!options.mayWait || this.#isWaitOver || !this.isBehind) return undefined
    return new Promise((resolve) => this.#wait(resolve))
  }

  /** Resolves when it is no longer behind, or gone. */
  whenKeptUp(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isBehind) this.#waitingFeeds.push(resolve)
      else resolve()
    })
  }

  /** An acknowledgement from the client. False when it is of the wrong type for the message that it names. */
  acknowledge(packet: Acknowledgement): boolean {
    const outcome = this.outgoing.acknowledge(packet)
    if (outcome === 'wrong type') return false
    if (outcome === 'release') this.#channel?.send(pubrel(packet.packetId))
    if (outcome === 'unknown' && packet.type === 'pubrec')
      this.#channel?.send(pubrel(packet.packetId, ReasonCode.packetIdentifierNotFound))
    this.#pump()
    return true
  }

  /** The socket takes bytes again. */
  drained(): void {
    this.#pump()
  }

  #pump(): void {
    while (this.#channel !== undefined && !this.#channel.congested) {
      const held = this.outgoing.next(Math.min(this.#channel.receiveMaximum, inFlightBound))
      if (held === undefined) break
      this.#send(this.#channel, held)
    }
    if (!this.isBehind) this.#keptUp()
  }

  #take(held: Held): void {
    const isOnTheWay = this.#channel !== undefined && !this.#channel.congested && this.outgoing.waiting === 0
    if (held.qos === 0 && this.#channel === undefined) return // QoS 0 is not kept for a client that is away
    if (held.qos === 0 && isOnTheWay) {
      this.#send(this.#channel!, held) // nothing is kept of it
      return
    }
    const cause = this.#causeToDrop(held.message)
    if (cause !== undefined) this.#onDrop(held.message.topic, cause)
    else {
      this.outgoing.push(held)
      this.#pump()
    }
  }

  #causeToDrop(message: Message): DropCause | undefined {
    const { bytes, waiting } = this.outgoing
    if (waiting >= this.#limits.queuedMessages) return 'queue full'
    if (bytes > 0 && bytes + message.bytes > this.#budget.limitBytes * oneClientShare) return 'queue full'
    return this.#budget.hasRoom(message.costToHold, bytes) ? undefined : 'memory limit'
  }

  #send(channel: Channel, held: Held): void {
    if (held.message.isExpired)
      this.#drop(held, 'expired') // [MQTT-3.3.2-5]
    else if (channel.send(packetOf(held)) === 'too large') this.#drop(held, 'larger than the client takes') // [MQTT-3.1.2-25]
  }

  #drop(held: Held, cause: DropCause): void {
    if (held.packetId !== undefined) this.outgoing.forget(held.packetId)
    this.#onDrop(held.message.topic, cause)
  }

  #countFilter(bytes: number): void {
    this.#filterBytes += bytes
    this.#budget.take(bytes)
  }

  /** A client that does not keep up delays publishers by `publisherWaitMs` at most; then its messages queue here. */
  #wait(taken: () => void): void {
    this.#waitingPublishers.push(taken)
    this.#waitTimer ??= setTimeout(() => {
      this.#isWaitOver = true
      this.#letPublishersGo()
    }, this.#limits.publisherWaitMs)
  }

  #keptUp(): void {
    this.#isWaitOver = false
    this.#letPublishersGo()
    if (this.#waitingFeeds.length > 0) for (const resolve of this.#waitingFeeds.splice(0)) resolve()
  }

  #letPublishersGo(): void {
    if (this.#waitTimer === undefined) return
    clearTimeout(this.#waitTimer)
    this.#waitTimer = undefined
    const waitingPublishers = this.#waitingPublishers
    this.#waitingPublishers = []
    for (const taken of waitingPublishers) taken()
  }
}

function pubrel(packetId: number, reasonCode = 0): Acknowledgement {
  return { type: 'pubrel', packetId, reasonCode, properties: {} }
}

function packetOf({ message, qos, retain, identifiers, packetId, sentBefore }: Held): Publish {
  const properties = message.currentProperties
  return {
    type: 'publish',
    topic: message.topic,
    payload: message.payload,
    qos,
    retain,
    dup: sentBefore, // [MQTT-3.3.1-1], and never what the publisher set [MQTT-3.3.1-3]
    ...(packetId === undefined ? {} : { packetId }),
    properties: identifiers.length === 0 ? properties : { ...properties, subscriptionIdentifier: identifiers },
  }
}
