import type { Abortable } from '../../../connection/abort.ts'
import { monotonicMs } from '../../../connection/clock.ts'
import { asError } from '../../../connection/connect-failures.ts'
import { leanDriver } from '../../../connection/driver/drivers.ts'
import { type Established, establish } from '../../../connection/establish.ts'
import type { BulkReader } from '../../../connection/link/bulk-reader.ts'
import type { Link } from '../../../connection/link/link.ts'
import type { LinkEnd } from '../../../connection/link/link-end.ts'
import { type MessageSink, Receiver } from '../../../connection/link/receiver.ts'
import type { Publisher } from '../../../connection/publish/publisher.ts'
import { mayReconnectAfter, mayRetryAfter, retryUntilMs } from '../../../connection/reconnect/reconnect-policy.ts'
import { retryLater } from '../../../connection/reconnect/retry.ts'
import { ShortLived } from '../../../connection/reconnect/short-lived.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { TransportMemory } from '../../../connection/transport/transport.ts'
import { MqttCliError } from '../../../errors.ts'
import { InboundWindow } from '../../../protocol/session/inbound-window.ts'
import { InboundTopicAliases } from '../../../protocol/session/topic-alias.ts'
import type { Connack } from '../../../protocol/wire/packet.ts'
import { epochMicroseconds } from '../figures/epoch-clock.ts'

const largestReceiveMaximum = 65_535

/** What becomes of a client between its first connection and its leave. */
export interface ClientFate {
  /** The connection was lost. */
  lost(error: MqttCliError): void
  /** A session stands again, so long after the loss. What it throws is final. */
  back(client: LoadClient, connack: Connack, outageMicroseconds: number): Promise<void> | void
  /** It will not come back. */
  gone(error: MqttCliError): void
}

export interface LoadClientParts {
  readonly settings: ConnectionSettings
  readonly fate: ClientFate
  /** Stops connecting and waiting. */
  readonly signal: Abortable
  readonly readBuffer: Buffer
  readonly memory: TransportMemory
  /** One for all connections of the thread; undefined where times are measured. */
  readonly bulkReader: BulkReader | undefined
  readonly sink?: MessageSink
}

/** One client of a load: a session over one network connection after another, as long as its settings let it come back. */
export class LoadClient {
  readonly #parts: LoadClientParts
  readonly #inbound: InboundWindow
  readonly #aliases: InboundTopicAliases
  readonly #shortLived = new ShortLived()
  #settings: ConnectionSettings
  #established: Established | undefined
  #publisher: Publisher | undefined
  /** The last one that ended by itself. */
  #ended: Link | undefined
  #hasStood = false
  #isLeaving = false

  private constructor(parts: LoadClientParts) {
    const { receiveMaximum = largestReceiveMaximum, topicAliasMaximum = 0 } = parts.settings.properties
    this.#parts = parts
    this.#settings = parts.settings
    this.#inbound = new InboundWindow(receiveMaximum)
    this.#aliases = new InboundTopicAliases(topicAliasMaximum)
  }

  /** The first connection is tried once: what a broker refuses is a result. */
  static async open(parts: LoadClientParts): Promise<LoadClient> {
    const client = new LoadClient(parts)
    try {
      client.#enter(await client.#establish())
      return client
    } catch (failure) {
      throw asError(failure)
    }
  }

  /** The connection in force, or the last one. */
  get established(): Established {
    return this.#established!
  }

  /** Throws kind 'refused' when the broker takes no such messages. */
  publishWith(publisher: Publisher): void {
    const { link, version, limits } = this.established
    this.#publisher = publisher
    link.publisher = publisher
    publisher.attach(link.outbox, version, limits, false)
  }

  async leave(): Promise<void> {
    this.#isLeaving = true
    await this.established.link.leave(0, this.#settings.disconnectProperties)
  }

  #establish(): Promise<Established> {
    const { signal, readBuffer, memory } = this.#parts
    const settings = this.#settings
    return establish({
      settings,
      makeDriver: leanDriver,
      version: settings.version,
      clientId: settings.clientId,
      mayResume: this.#hasStood || !settings.cleanStart || !settings.cleanSession311,
      accepted: (link, connack) => this.#accepted(link, connack),
      signal,
      readBuffer,
      memory,
    })
  }

  /** CONNACK said yes: from the next packet on there may be messages. */
  #accepted(link: Link, connack: Connack): void {
    const { sink } = this.#parts
    if (connack.sessionPresent && this.#hasStood) this.#inbound.connectionLost()
    else this.#inbound.sessionLost() // [MQTT-3.2.2-5]
    this.#aliases.startConnection()
    link.publisher = this.#publisher
    if (sink === undefined) return
    const { outbox, version } = link
    const hold = (isHeld: boolean) => link.hold(isHeld)
    link.receiver = new Receiver({ sink, window: this.#inbound, aliases: this.#aliases, outbox, version, hold })
  }

  /** Puts a network connection to work. Version and client identifier are those that were found once. */
  #enter(established: Established): void {
    const { link, version, limits, connack } = established
    const clientId = limits.assignedClientIdentifier ?? this.#settings.clientId
    this.#settings = { ...this.#settings, version, clientId }
    this.#established = established
    this.#hasStood = true
    link.bulkReader = this.#parts.bulkReader ?? 'none'
    const beganMs = monotonicMs()
    void link.ended.then((end) => this.#end(link, end, monotonicMs() - beganMs))
    this.#publisher?.attach(link.outbox, version, limits, connack.sessionPresent)
  }

  #end(link: Link, end: LinkEnd, livedMs: number): void {
    this.#ended = link
    if (this.#isLeaving) return
    const { fate, signal } = this.#parts
    const error =
      end.error ?? new MqttCliError('lost', 'The connection ended', { tries: ['look into the broker’s log'] })
    const tooOften = this.#shortLived.ended(livedMs, end, this.#settings.clientId)
    const mayComeBack = this.#settings.reconnect.mode !== 'never' && mayReconnectAfter(end) && !signal.aborted
    fate.lost(error)
    if (mayComeBack && tooOften === undefined) void this.#comeBack(error)
    else fate.gone(mayComeBack && tooOften !== undefined ? tooOften : error)
  }

  /** Who is told to stay away is gone for what happened before. */
  async #comeBack(lostWith: MqttCliError): Promise<void> {
    const lostAt = epochMicroseconds()
    const { fate, signal } = this.#parts
    let established: Established | undefined
    try {
      established = await this.#establishAgain()
      if (this.#isLeaving) return await established.link.leave(0, this.#settings.disconnectProperties)
      this.#enter(established)
      await fate.back(this, established.connack, epochMicroseconds() - lostAt)
    } catch (failure) {
      const isTold = established !== undefined && this.#ended === established.link
      if (!this.#isLeaving && !isTold) fate.gone(signal.aborted ? lostWith : asError(failure))
    }
  }

  #establishAgain(): Promise<Established> {
    return retryLater(() => this.#establish(), {
      attempt: this.#shortLived.attempt,
      untilMs: retryUntilMs(this.#settings.reconnect, monotonicMs()),
      mayRetry: mayRetryAfter,
      signal: this.#parts.signal,
      random: Math.random,
    })
  }
}
