import type { Abortable } from '../../connection/abort.ts'
import { leanDriver } from '../../connection/drivers.ts'
import { asError, type Established, establish } from '../../connection/establish.ts'
import type { Link } from '../../connection/link.ts'
import type { LinkEnd } from '../../connection/link-end.ts'
import type { Publisher } from '../../connection/publisher.ts'
import { type MessageSink, Receiver } from '../../connection/receiver.ts'
import type { ConnectionSettings } from '../../connection/settings.ts'
import { InboundWindow } from '../../protocol/session/inbound-window.ts'
import { InboundTopicAliases } from '../../protocol/session/topic-alias.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'

const largestReceiveMaximum = 65_535

export interface BenchClientParts {
  readonly settings: ConnectionSettings
  readonly version: ProtocolVersion | 'auto'
  readonly signal: Abortable
  readonly readBuffer: Buffer
  readonly sink?: MessageSink
  /** One for all clients of a run: ten thousand promises would cost more than this call. */
  readonly ended?: (link: Link, end: LinkEnd) => void
}

/** One connection of a load: one session on one network connection, and no other after it. */
export class BenchClient {
  readonly established: Established
  #isLeaving = false

  private constructor(established: Established) {
    this.established = established
  }

  static async open(parts: BenchClientParts): Promise<BenchClient> {
    const { settings, version, signal, readBuffer, sink, ended } = parts
    const { clientId } = settings
    const accepted = sink === undefined ? nothingToReceive : receiveInto(sink, settings)
    const mayResume = !settings.cleanStart || !settings.cleanSession311
    const makeDriver = leanDriver
    const shared = { settings, makeDriver, version, clientId, mayResume, accepted, ended, signal, readBuffer }
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

  async leave(): Promise<void> {
    this.#isLeaving = true
    await this.established.link.leave(0, {})
  }
}

function nothingToReceive(): void {}

function receiveInto(sink: MessageSink, settings: ConnectionSettings): (link: Link) => void {
  return (link) => {
    link.receiver = receiver(link, settings, sink)
  }
}

function receiver(link: Link, settings: ConnectionSettings, sink: MessageSink): Receiver {
  const window = new InboundWindow(settings.properties.receiveMaximum ?? largestReceiveMaximum)
  const aliases = new InboundTopicAliases(settings.properties.topicAliasMaximum ?? 0)
  const { outbox, version } = link
  return new Receiver({ sink, window, aliases, outbox, version, hold: (isHeld) => link.hold(isHeld) })
}
