import type { Abortable } from '../../../connection/abort.ts'
import { asError } from '../../../connection/connect-failures.ts'
import { leanDriver } from '../../../connection/driver/drivers.ts'
import { type Established, establish } from '../../../connection/establish.ts'
import type { BulkReader } from '../../../connection/link/bulk-reader.ts'
import type { Link } from '../../../connection/link/link.ts'
import type { LinkEnd } from '../../../connection/link/link-end.ts'
import { type MessageSink, Receiver } from '../../../connection/link/receiver.ts'
import type { Publisher } from '../../../connection/publish/publisher.ts'
import { endingWithin, errorOfLoss, Reconnector } from '../../../connection/reconnect/reconnector.ts'
import type { ConnectionSettings } from '../../../connection/settings.ts'
import type { TransportMemory } from '../../../connection/transport/transport.ts'
import type { MqttCliError } from '../../../errors.ts'
import { InboundWindow } from '../../../protocol/session/inbound-window.ts'
import { InboundTopicAliases } from '../../../protocol/session/topic-alias.ts'
import type { Connack } from '../../../protocol/wire/packet.ts'
import type { ConnectTurns } from './connect-turns.ts'

const largestReceiveMaximum = 65_535

/** What becomes of a client between its first connection and its leave. */
interface ClientListener {
  /** The connection was lost. */
  lost(error: MqttCliError): void
  /** A session stands again, so long after the loss. What it throws is final. */
  back(client: LoadClient, connack: Connack, outageMicroseconds: number): Promise<void> | void
  /** It will not come back. */
  gone(error: MqttCliError): void
}

interface LoadClientParts {
  readonly settings: ConnectionSettings
  readonly listener: ClientListener
  /** Stops connecting and waiting. */
  readonly signal: Abortable
  readonly readBuffer: Buffer
  readonly memory: TransportMemory
  /** One for all clients of the thread. */
  readonly turns: ConnectTurns
  /** One for all connections of the thread; undefined where times are measured. */
  readonly bulkReader: BulkReader | undefined
  readonly sink?: MessageSink
}

/** One client of a load: a session over one network connection after another, as long as its settings let it come back. */
export class LoadClient {
  readonly #parts: LoadClientParts
  readonly #inbound: InboundWindow
  readonly #aliases: InboundTopicAliases
  #settings: ConnectionSettings
  #established: Established | undefined
  #publisher: Publisher | undefined
  /** Made at the first loss. */
  #reconnector: Reconnector | undefined
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
      client.#enter(await client.#establish(Number.POSITIVE_INFINITY))
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
    this.#reconnector?.stop()
    await this.established.link.leave(0, this.#settings.disconnectProperties)
  }

  #establish(leftMs: number): Promise<Established> {
    const { signal, readBuffer, memory } = this.#parts
    const settings = this.#settings
    return establish({
      settings: endingWithin(leftMs, settings),
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
    void link.ended.then((end) => this.#ended(link, end))
    this.#publisher?.attach(link.outbox, version, limits, connack.sessionPresent)
  }

  #ended(link: Link, end: LinkEnd): void {
    if (this.#isLeaving) return
    this.#parts.listener.lost(errorOfLoss(end))
    this.#reconnector ??= this.#makeReconnector()
    this.#reconnector.ended(link, end, this.#settings.clientId)
  }

  #makeReconnector(): Reconnector {
    const { listener, signal } = this.#parts
    return new Reconnector({
      settings: this.#settings.reconnect,
      signal,
      open: (leftMs) => this.#parts.turns.take(leftMs, (left) => this.#establish(left)),
      enter: (established, awayMs) => this.#back(established, awayMs),
      gone: listener.gone,
      aborted: listener.gone,
    })
  }

  async #back(established: Established, awayMs: number): Promise<void> {
    if (this.#isLeaving) return established.link.leave(0, this.#settings.disconnectProperties)
    this.#enter(established)
    await this.#parts.listener.back(this, established.connack, Math.round(awayMs * 1000))
  }
}
