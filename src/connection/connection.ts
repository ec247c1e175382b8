import type { Advice } from '../advice.ts'
import { MqttCliError } from '../errors.ts'
import { ReasonCode } from '../protocol/reason-code.ts'
import { InboundWindow } from '../protocol/session/inbound-window.ts'
import type { ServerLimits } from '../protocol/session/server-limits.ts'
import { subscribeBatches } from '../protocol/session/subscribe-batches.ts'
import { type SubscribeProblem, subscribeProblem } from '../protocol/session/subscribe-limits.ts'
import { InboundTopicAliases } from '../protocol/session/topic-alias.ts'
import type { Connack, Properties, ProtocolVersion, Suback, SubscriptionRequest } from '../protocol/wire/packet.ts'
import { type Established, establish, type Tap } from './establish.ts'
import type { Link, MakeDriver } from './link/link.ts'
import type { LinkEnd } from './link/link-end.ts'
import { type MessageSink, Receiver } from './link/receiver.ts'
import type { Publisher } from './publish/publisher.ts'
import { endingWithin, Reconnector } from './reconnect/reconnector.ts'
import { type Standing, sessionFate } from './reconnect/standing.ts'
import type { ConnectionSettings } from './settings.ts'
import type { TransportMemory } from './transport/transport.ts'

const largestReceiveMaximum = 65_535

/** What happens to a connection over its life, for who shows it. */
export interface ConnectionEvents {
  /** A session stands, the first time and after each reconnect. SUBSCRIBE goes out here. */
  connected?(standing: Standing): Promise<void> | void
  /** The connection is gone, or was refused for now; the next attempt comes after the delay. */
  reconnecting?(error: MqttCliError, delayMs: number): void
  /** The broker is a little wrong, and the connection goes on. */
  notice?(message: Advice): void
}

export interface ConnectionOptions {
  readonly settings: ConnectionSettings
  readonly makeDriver: MakeDriver
  /** Stops connecting and waiting at once. */
  readonly signal: AbortSignal
  readonly events?: ConnectionEvents
  readonly sink?: MessageSink
  readonly publisher?: Publisher
  readonly tap?: Tap
  /** From 0 to 1, for the delays between attempts. */
  readonly random?: () => number
}

/**
 * A session with a broker over as many network connections as it takes: what a command has, and where to begin with this
 * room. `establish` makes each network connection, a `Link` carries it, a `Reconnector` decides whether another follows.
 * It prints nothing and chooses no exit code: events and errors go to who opened it. Its end is `finished`: resolved
 * after `close`, rejected with the reason otherwise.
 */
export class Connection {
  readonly finished: Promise<void>
  readonly #options: ConnectionOptions
  readonly #inbound: InboundWindow
  readonly #aliases: InboundTopicAliases
  readonly #reconnector: Reconnector
  readonly #memory: TransportMemory = {
    stale: (error) => this.#options.events?.notice?.(`${error.message}; going on with what it held before`),
  }
  #current: Established | undefined
  #clientId: string
  #version: ProtocolVersion | 'auto'
  #hasStood = false
  #isClosing = false
  #finish: () => void = () => {}
  #fail: (error: unknown) => void = () => {}

  constructor(options: ConnectionOptions) {
    const { settings, signal, events, random } = options
    this.#options = options
    this.#reconnector = new Reconnector({
      settings: settings.reconnect,
      signal,
      random,
      open: (leftMs) => this.#establish(leftMs),
      enter: (established, awayMs) => this.#enter(established, awayMs),
      waiting: (error, delayMs) => events?.reconnecting?.(error, delayMs),
      gone: (error) => this.#fail(error),
    })
    this.#clientId = settings.clientId
    this.#version = settings.version
    this.#inbound = new InboundWindow(largestReceiveMaximum)
    this.#aliases = new InboundTopicAliases(settings.properties.topicAliasMaximum ?? 0)
    this.finished = new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
    this.finished.catch(() => {}) // who opened it learns of the end; nobody has to
  }

  /**
   * Resolves when the first session stands. The first connect is tried again where the broker says 'later', and else
   * only where the user asked for it.
   */
  open(): Promise<void> {
    return this.#reconnector.first()
  }

  get version(): ProtocolVersion {
    return this.#established.version
  }

  get connack(): Connack {
    return this.#established.connack
  }

  get limits(): ServerLimits {
    return this.#established.limits
  }

  /** As the server knows us: an Assigned Client Identifier included. */
  get clientId(): string {
    return this.#clientId
  }

  get isConnected(): boolean {
    return this.#current !== undefined
  }

  /**
   * One SUBSCRIBE, or as many as the server's Maximum Packet Size makes of it, one after the other: the packet
   * identifiers for them are few. The reason codes come back in order.
   */
  async subscribe(subscriptions: readonly SubscriptionRequest[], properties: Properties): Promise<Suback> {
    const { link, limits, version } = this.#established
    const sent = version === 5 ? properties : {}
    const problem = subscribeProblem(limits, subscriptions, sent)
    if (problem !== undefined) throw notSubscribable(problem)
    const reasonCodes: number[] = []
    let last: Suback | undefined
    const { filtersPerSubscribe: most } = this.#options.settings
    for (const batch of subscribeBatches(subscriptions, ({ filter }) => filter, limits.maximumPacketSize, 0, most)) {
      last = await link.driver.subscribe(batch, sent)
      reasonCodes.push(...last.reasonCodes)
    }
    return { type: 'suback', packetId: last?.packetId ?? 0, properties: last?.properties ?? {}, reasonCodes }
  }

  async unsubscribe(filters: readonly string[], properties: Properties): Promise<void> {
    const { link, limits, version } = this.#established
    const { filtersPerSubscribe: most } = this.#options.settings
    for (const batch of subscribeBatches(filters, (filter) => filter, limits.maximumPacketSize, 0, most)) {
      await link.driver.unsubscribe(batch, version === 5 ? properties : {})
    }
  }

  /** Resolves when everything sent before has reached the broker; never, if the connection goes first. */
  async ping(): Promise<void> {
    return this.#established.link.ping()
  }

  /** From here on nothing but answers is awaited on this connection, and not for ever. */
  awaitAnswers(): void {
    this.#current?.link.awaitAnswers()
  }

  /** DISCONNECT and an end that everybody meant. */
  async close(reasonCode = 0): Promise<void> {
    this.#close()
    if (this.#current !== undefined) await this.#leave(this.#current, reasonCode)
    this.#finish()
  }

  /** Below MQTT 5 DISCONNECT deletes the will [MQTT-3.1.1:3.14.4-3]: who wants it published goes without one. */
  #leave({ link, version }: Established, reasonCode: number): Promise<void> {
    const goodbye = this.#goodbye(version)
    if (this.#options.settings.leavesWithWill !== true) return link.leave(reasonCode, goodbye, this.#isOneWay)
    return version === 5 ? link.leave(ReasonCode.disconnectWithWill, goodbye, this.#isOneWay) : link.hangUp()
  }

  /** No subscription, neither of this run nor of a session that the broker kept: nothing comes but answers. */
  get #isOneWay(): boolean {
    return this.#options.sink === undefined && !this.#options.settings.resumesUserSession
  }

  /** Ends at once, without DISCONNECT. */
  abandon(error: MqttCliError): void {
    this.#close()
    this.#current?.link.fail(error)
    this.#fail(error)
  }

  #close(): void {
    this.#isClosing = true
    this.#reconnector.stop()
  }

  get #established(): Established {
    if (this.#current === undefined) throw new MqttCliError('lost', 'The connection is gone', { tries: ['try again'] })
    return this.#current
  }

  #goodbye(version: ProtocolVersion): Properties {
    const { disconnectProperties, endSessionOnClose } = this.#options.settings
    if (version !== 5) return {}
    return { ...disconnectProperties, ...(endSessionOnClose && { sessionExpiryInterval: 0 }) }
  }

  #establish(leftMs: number): Promise<Established> {
    const { settings, makeDriver, signal, tap, events } = this.#options
    return establish({
      settings: endingWithin(leftMs, settings),
      makeDriver,
      signal,
      tap,
      memory: this.#memory,
      version: this.#version,
      clientId: this.#clientId,
      mayResume: settings.resumesUserSession || this.#hasStood,
      accepted: (link, connack) => this.#accepted(link, connack),
      note: (message) => events?.notice?.(message),
    })
  }

  /** CONNACK said yes: from the next packet on there may be messages. */
  #accepted(link: Link, connack: Connack): void {
    const { sink, publisher } = this.#options
    if (connack.sessionPresent && this.#hasStood) this.#inbound.connectionLost()
    else this.#inbound.sessionLost() // [MQTT-3.2.2-5]
    this.#aliases.startConnection()
    if (sink !== undefined) link.receiver = this.#receiver(link, sink)
    link.publisher = publisher
  }

  /** Puts a new network connection to work. */
  async #enter(established: Established, awayMs: number): Promise<void> {
    if (this.#isClosing) return this.#leave(established, 0)
    const { link, version, connack, limits } = established
    const { publisher, events, settings } = this.#options
    const isFirst = !this.#hasStood
    const { sessionPresent } = connack
    this.#hasStood = true
    this.#current = established
    this.#version = established.isAfterSilence === true ? settings.version : version // silence may not last
    this.#clientId = limits.assignedClientIdentifier ?? this.#clientId
    link.ended.then((end) => this.#ended(link, end))
    publisher?.attach(link.outbox, version, limits, sessionPresent)
    const session = sessionFate(settings, version, isFirst, sessionPresent)
    await events?.connected?.({ isFirst, sessionPresent, awayMs, session, clientId: this.#clientId })
  }

  #receiver(link: Link, sink: MessageSink): Receiver {
    const hold = (isHeld: boolean) => link.hold(isHeld)
    const { outbox, version } = link
    // Below MQTT 5 nobody was told of a maximum, and nobody keeps to it.
    const announced = version === 5 ? this.#options.settings.properties.receiveMaximum : undefined
    this.#inbound.receiveMaximum = announced ?? largestReceiveMaximum
    return new Receiver({ sink, window: this.#inbound, aliases: this.#aliases, outbox, version, hold })
  }

  #ended(link: Link, end: LinkEnd): void {
    this.#current = undefined
    this.#reconnector.ended(link, end, this.#clientId)
  }
}

function notSubscribable({ rule, message }: SubscribeProblem): MqttCliError {
  return new MqttCliError('refused', `The broker does not take this subscription: ${message}`, {
    layer: 'SUBSCRIBE',
    statement: rule,
    tries: ['subscribe to what the broker takes', '`inspect` shows what it announced in CONNACK'],
  })
}
