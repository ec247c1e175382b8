import { leanDriver } from '../../connection/drivers.ts'
import { asError, type Established, establish } from '../../connection/establish.ts'
import type { Link, LinkEnd } from '../../connection/link.ts'
import type { Publisher } from '../../connection/publisher.ts'
import { type MessageSink, Receiver } from '../../connection/receiver.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import type { MqttCliError } from '../../errors.ts'
import { InboundWindow } from '../../protocol/session/inbound-window.ts'
import { InboundTopicAliases } from '../../protocol/session/topic-alias.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'

const largestReceiveMaximum = 65_535

export interface BenchClientParts {
  readonly settings: ConnectionSettings
  readonly version: ProtocolVersion | 'auto'
  readonly signal: AbortSignal
  readonly readBuffer: Buffer
  readonly sink?: MessageSink
}

/** One connection of a load: one session on one network connection, and no other after it. */
export class BenchClient {
  readonly established: Established
  #isLeaving = false

  private constructor(established: Established) {
    this.established = established
  }

  static async open(parts: BenchClientParts): Promise<BenchClient> {
    const { settings, version, signal, readBuffer, sink } = parts
    const { clientId } = settings
    const accepted = (link: Link) => {
      if (sink !== undefined) link.receiver = receiver(link, settings, sink)
    }
    const mayResume = !settings.cleanStart || !settings.cleanSession311
    const shared = { settings, makeDriver: leanDriver, version, clientId, mayResume, accepted, signal, readBuffer }
    try {
      return new BenchClient(await establish(shared))
    } catch (failure) {
      throw asError(failure)
    }
  }

  /** Settles when the connection ends; undefined when we ended it. */
  get lost(): Promise<LinkEnd | undefined> {
    return this.established.link.ended.then((end) => (this.#isLeaving ? undefined : end))
  }

  /** Throws kind 'refused' when the broker takes no such messages. */
  publishWith(publisher: Publisher): void {
    const { link, version, limits } = this.established
    link.publisher = publisher
    publisher.attach(link.outbox, version, limits, false)
  }

  /** Gone without a word, as when a network breaks. */
  drop(error: MqttCliError): void {
    this.#isLeaving = true
    this.established.link.fail(error)
  }

  async leave(): Promise<void> {
    this.#isLeaving = true
    await this.established.link.leave(0, {})
  }
}

function receiver(link: Link, settings: ConnectionSettings, sink: MessageSink): Receiver {
  const window = new InboundWindow(settings.properties.receiveMaximum ?? largestReceiveMaximum)
  const aliases = new InboundTopicAliases(settings.properties.topicAliasMaximum ?? 0)
  const { outbox, version } = link
  return new Receiver({ sink, window, aliases, outbox, version, hold: (isHeld) => link.hold(isHeld) })
}
