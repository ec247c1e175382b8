import { type Layer, nowhere, type StreamOpening, type Unreadable } from '../../../capture/layers/layer.ts'
import { ProtocolDetection } from '../../../capture/layers/protocol-detection.ts'
import type {
  CapturedConnection as Captured,
  CapturedEnd,
  ConnectionSink,
} from '../../../capture/tcp/tcp-connections.ts'
import type { DirectionSink } from '../../../capture/tcp/tcp-direction.ts'
import type { FindSecrets } from '../../../capture/tls/key-log.ts'
import type { ClientRecord, ClientRegistry } from '../../../observation/client-registry.ts'
import { ConnectionWatch } from '../../../observation/connection-watch.ts'
import type { InspectedPacket } from '../../../observation/inspected-packet.ts'
import { OpeningWatch } from '../../../observation/opening.ts'
import { findBoundary } from '../../../observation/packet-boundary.ts'
import { isShown } from '../../../observation/packet-filter.ts'
import { shownExchanges } from '../../../observation/shown-exchanges.ts'
import { anyVersion, CapturedConversation } from './captured-conversation.ts'
import { endText, isOfAddress } from './captured-end.ts'
import type { CaptureEvent } from './events.ts'
import type { InspectFileSettings } from './settings.ts'
import type { TopTopics } from './top-topics.ts'

/** What all connections of a file share. */
export interface CaptureContext {
  readonly settings: InspectFileSettings
  readonly registry: ClientRegistry
  readonly topics: TopTopics
  /** Of a key log; absent without one. */
  readonly findSecrets: FindSecrets | undefined
  /** The number of the next connection that carries MQTT. */
  number(): number
  tell(event: CaptureEvent): void
  unreadable(why: Unreadable): void
}

type Side = StreamOpening['client']

/** One TCP connection of a file: found to be MQTT or not, read, and told. */
export class CapturedConnection {
  readonly #captured: Captured
  /** Microseconds since 1970: of the first frame of the file. */
  readonly #startedAt: number
  /** Of its first segment, since then. */
  readonly #openedAt: number
  readonly #context: CaptureContext
  #number = 0
  #watch: ConnectionWatch | undefined
  #conversation: CapturedConversation | undefined
  #opening: OpeningWatch | undefined

  /** Times are microseconds since 1970. */
  constructor(captured: Captured, at: number, startedAt: number, context: CaptureContext) {
    this.#captured = captured
    this.#openedAt = at - startedAt
    this.#startedAt = startedAt
    this.#context = context
  }

  get sink(): ConnectionSink {
    const { first, second } = this.#captured
    const { addresses } = this.#context.settings
    const isWanted =
      addresses.length === 0 || addresses.some((wanted) => isOfAddress(first, wanted) || isOfAddress(second, wanted))
    const layer = isWanted ? this.#detection() : nowhere
    const side = (from: Side): DirectionSink => ({
      bytes: (bytes, at) => layer.bytes(from, bytes, at),
      gap: (_, at) => layer.gap(from, at),
      finished: (at) => layer.finished(from, at),
    })
    return { first: side('first'), second: side('second'), ended: (at, isReset) => this.#ended(at, isReset) }
  }

  #detection(): Layer {
    return new ProtocolDetection({
      carriers: [],
      hasBeginning: this.#captured.hasBeginning,
      findPackets: (from, bytes) => clientOf(from, bytes, this.#captured),
      ...(this.#context.findSecrets !== undefined && { findSecrets: this.#context.findSecrets }),
      sink: {
        opened: (opening) => this.#opened(opening),
        unreadable: (why) => this.#context.unreadable(why),
      },
    })
  }

  #opened({ client, carriers, hasBeginning }: StreamOpening): Layer {
    const connection = this.#context.number()
    this.#number = connection
    const remote = endText(this.#captured[client])
    const server = endText(this.#captured[client === 'first' ? 'second' : 'first'])
    this.#context.tell({
      event: 'opened',
      connection,
      remote,
      server,
      carriers,
      hasBeginning,
      atMicroseconds: this.#openedAt,
    })
    this.#opening = new OpeningWatch(connection, [], this.#openedAt)
    const watch = new ConnectionWatch(connection, this.#context.registry, (record, packet) =>
      this.#packet(record, packet),
    )
    this.#watch = watch
    this.#conversation = new CapturedConversation(client, hasBeginning, watch, this.#startedAt, ({ at, ...part }) =>
      this.#context.tell({
        event: 'missing',
        connection,
        client: watch.client,
        ...part,
        atMicroseconds: at - this.#startedAt,
      }),
    )
    return this.#conversation
  }

  #packet(record: ClientRecord, packet: InspectedPacket): void {
    const { settings, topics } = this.#context
    const isWanted = isShown(settings.filter, packet)
    record.counter.take(packet, isWanted)
    topics.take(packet)
    if (isWanted) this.#finding(record, { finding: 'packet', packet })
    if (settings.gathersExchanges) {
      for (const finding of shownExchanges(record.exchanges.take(packet), settings.filter))
        this.#finding(record, finding)
    }
    if (this.#opening !== undefined) this.#noteOpening(this.#opening, record, packet)
  }

  #noteOpening(opening: OpeningWatch, record: ClientRecord, packet: InspectedPacket): void {
    opening.take(packet)
    if (packet.packet?.type !== 'connack') return
    this.#opening = undefined
    this.#finding(record, { finding: 'opening', opening: opening.opening() })
  }

  #finding(record: ClientRecord, finding: Extract<CaptureEvent, { event: 'finding' }>['finding']): void {
    this.#context.tell({ event: 'finding', connection: this.#number, client: record.number, finding })
  }

  #ended(at: number, isAbrupt: boolean): void {
    if (this.#watch === undefined || this.#conversation === undefined) return
    const atMicroseconds = at - this.#startedAt
    this.#watch.ended(atMicroseconds)
    this.#context.tell({
      event: 'closed',
      connection: this.#number,
      client: this.#watch.client,
      isAbrupt,
      clientBytes: this.#conversation.bytesOf('client'),
      serverBytes: this.#conversation.bytesOf('server'),
      atMicroseconds,
    })
  }
}

/** Who is the client, by packets that only one side sends; where both could have sent these, by the lower port. */
function clientOf(from: Side, bytes: Buffer, { first, second }: Captured): Side | undefined {
  const other = from === 'first' ? 'second' : 'first'
  const asClient = findBoundary(bytes, 'client', anyVersion)
  const asServer = findBoundary(bytes, 'server', anyVersion)
  if (asClient === undefined && asServer === undefined) return undefined
  if (asServer === undefined || asClient?.tellsSender === true) return from
  if (asClient === undefined || asServer.tellsSender) return other
  return isServer(second, first) ? 'first' : 'second'
}

function isServer(end: CapturedEnd, other: CapturedEnd): boolean {
  return end.port < other.port
}
