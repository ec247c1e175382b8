import type { Acknowledgement, Packet, ProtocolVersion, Publish } from '../../protocol/wire/packet.ts'
import type { DropCause } from './events.ts'
import { type Held, Outgoing } from './outgoing.ts'
import { SessionSubscriptions } from './session-subscriptions.ts'
import type { BrokerLimits } from './settings.ts'

/** The way to a client that is connected. */
export interface Channel {
  readonly version: ProtocolVersion
  /** The client's own limit for messages that it has not acknowledged. */
  readonly receiveMaximum: number
  /** False when the socket is full; `drained` is called on the session when it is not any more. */
  send(packet: Packet): SendResult
  readonly congested: boolean
  /** Another client came with the same identifier: tell this one, and close. */
  giveWay(): void
}

export type SendResult = 'sent' | 'too large'

export type SessionLimits = Pick<BrokerLimits, 'queuedMessages' | 'stalledClientMs'>

/** Beyond this many waiting messages, whoever publishes to this client has to wait. */
const comfortableQueue = 1000

/** How many messages a client may leave unacknowledged, whatever it says that it takes. */
const inFlightBound = 1000

/**
 * What the broker keeps for one client identifier: subscriptions, messages on their way to it and the QoS 2 messages
 * from it that are not released. Outlives the connection when the client asked for that.
 */
export class BrokerSession {
  readonly clientId: string
  readonly subscriptions = new SessionSubscriptions()
  /** Packet identifiers of QoS 2 messages taken from the client and not released by it yet [MQTT-4.3.3-10]. */
  readonly received = new Set<number>()
  readonly outgoing: Outgoing
  readonly #onDrop: (topic: string, cause: DropCause) => void
  readonly #limits: SessionLimits
  #channel: Channel | undefined
  #holding = false
  #waiters: (() => void)[] = []
  #patience: NodeJS.Timeout | undefined
  #isPatienceOver = false

  constructor(clientId: string, limits: SessionLimits, onDrop: (topic: string, cause: DropCause) => void) {
    this.clientId = clientId
    this.outgoing = new Outgoing()
    this.#limits = limits
    this.#onDrop = onDrop
  }

  get channel(): Channel | undefined {
    return this.#channel
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
    this.#holding = false
    this.#progressed()
    this.#letPublishersGo()
  }

  /** While a SUBSCRIBE is being worked on, its messages wait for the SUBACK. */
  hold(): void {
    this.#holding = true
  }

  release(): void {
    this.#holding = false
    this.#pump()
  }

  /** Takes a message for the client. `taken` is called when the publisher may go on. */
  offer(publish: Publish, taken: () => void, mayWait: boolean): void {
    this.#take(publish)
    if (mayWait && this.#isBehind()) this.#wait(taken)
    else taken()
  }

  /** An acknowledgement from the client. False when it is of the wrong type for the message that it names. */
  acknowledge(packet: Acknowledgement): boolean {
    this.#progressed()
    const outcome = this.outgoing.acknowledge(packet)
    if (outcome === 'wrong type') return false
    if (outcome === 'release') this.#channel?.send(pubrel(packet.packetId))
    if (outcome === 'unknown' && packet.type === 'pubrec') this.#channel?.send(pubrel(packet.packetId, 0x92))
    this.#pump()
    return true
  }

  /** The socket takes bytes again. */
  drained(): void {
    this.#progressed()
    this.#pump()
  }

  #pump(): void {
    while (this.#channel !== undefined && !this.#holding && !this.#channel.congested) {
      const held = this.outgoing.next(Math.min(this.#channel.receiveMaximum, inFlightBound))
      if (held === undefined) break
      this.#send(this.#channel, held)
    }
    if (!this.#isBehind()) this.#letPublishersGo()
  }

  #take(publish: Publish): void {
    if (this.#channel === undefined && publish.qos === 0) return // QoS 0 is for who is there
    if (this.outgoing.waiting >= this.#limits.queuedMessages) this.#onDrop(publish.topic, 'queue full')
    else {
      this.outgoing.push(publish)
      this.#pump()
    }
  }

  #send(channel: Channel, held: Held): void {
    const publish = stillAlive(held)
    if (publish === undefined)
      this.#drop(held, 'expired') // [MQTT-3.3.2-5]
    else if (channel.send(publish) === 'too large') this.#drop(held, 'larger than the client takes') // [MQTT-3.1.2-25]
  }

  #drop(held: Held, cause: DropCause): void {
    if (held.packetId !== undefined) this.outgoing.forget(held.packetId)
    this.#onDrop(held.publish.topic, cause)
  }

  #isBehind(): boolean {
    if (this.#channel === undefined || this.#isPatienceOver) return false
    return this.#channel.congested || this.outgoing.waiting > comfortableQueue
  }

  /** A client that reads and never acknowledges may hold up publishers for a while, and not for ever. */
  #wait(taken: () => void): void {
    this.#waiters.push(taken)
    this.#patience ??= setTimeout(() => {
      this.#isPatienceOver = true
      this.#letPublishersGo()
    }, this.#limits.stalledClientMs)
  }

  #progressed(): void {
    clearTimeout(this.#patience)
    this.#patience = undefined
    this.#isPatienceOver = false
  }

  #letPublishersGo(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const taken of waiters) taken()
  }
}

function pubrel(packetId: number, reasonCode = 0): Acknowledgement {
  return { type: 'pubrel', packetId, reasonCode, properties: {} }
}

/** The PUBLISH with what is left of its lifetime [MQTT-3.3.2-6], or undefined when that is over. */
function stillAlive({ publish, packetId, sentBefore, expiresAtMs }: Held): Publish | undefined {
  const packet: Publish = { ...publish, dup: sentBefore, ...(packetId === undefined ? {} : { packetId }) } // [MQTT-3.3.1-1]
  if (expiresAtMs === undefined) return packet
  const leftMs = expiresAtMs - performance.now()
  if (leftMs <= 0) return undefined
  return { ...packet, properties: { ...publish.properties, messageExpiryInterval: Math.ceil(leftMs / 1000) } }
}
