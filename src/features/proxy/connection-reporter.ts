import type { TransportTimings } from '../../connection/transport/transport.ts'
import { transportStepsOf } from '../../connection/transport/transport-steps.ts'
import type { ClientRecord } from '../../observation/client-registry.ts'
import type { Finding } from '../../observation/finding.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { OpeningWatch } from '../../observation/opening.ts'
import { isShown } from '../../observation/packet-filter.ts'
import { shownExchanges } from '../../observation/shown-exchanges.ts'
import type { Sender } from '../../protocol/wire/packet.ts'
import type { FaultDone } from './events.ts'
import type { ProxyContext } from './proxy-context.ts'

/** How a connection ended. */
export interface ConnectionEnd {
  readonly by: Sender | 'proxy'
  /** By RST, or by an error of the transport. */
  readonly isAbrupt: boolean
  /** Received from each side. */
  readonly bytes: Readonly<Record<Sender, number>>
}

/** Counts and tells what passes on one connection. */
export class ConnectionReporter {
  readonly #connection: number
  readonly #proxy: ProxyContext
  readonly #opening: OpeningWatch
  #isOpening = true

  constructor(connection: number, timings: TransportTimings, proxy: ProxyContext) {
    this.#connection = connection
    this.#proxy = proxy
    this.#opening = new OpeningWatch(connection, transportStepsOf(timings), proxy.now())
  }

  packet(record: ClientRecord, packet: InspectedPacket): void {
    const { filter, gathersExchanges } = this.#proxy.settings
    const isWanted = isShown(filter, packet)
    record.counter.take(packet, isWanted, this.#proxy.isLeaving())
    if (isWanted) this.#finding(record, { finding: 'packet', packet })
    if (gathersExchanges) {
      for (const finding of shownExchanges(record.exchanges.take(packet), filter)) this.#finding(record, finding)
    }
    if (this.#isOpening) this.#noteOpening(record, packet)
  }

  fault(client: number, done: FaultDone): void {
    this.#proxy.tell({
      event: 'fault',
      connection: this.#connection,
      client,
      done,
      atMicroseconds: Math.round(this.#proxy.now()),
    })
  }

  closed(client: number, { by, isAbrupt, bytes }: ConnectionEnd): void {
    this.#proxy.tell({
      event: 'closed',
      connection: this.#connection,
      client,
      by,
      isAbrupt,
      clientBytes: bytes.client,
      serverBytes: bytes.server,
      atMicroseconds: Math.round(this.#proxy.now()),
    })
  }

  /** With CONNACK it is known what the broker allows this client. */
  #noteOpening(record: ClientRecord, packet: InspectedPacket): void {
    this.#opening.take(packet)
    if (packet.packet?.type !== 'connack') return
    this.#isOpening = false
    this.#finding(record, { finding: 'opening', opening: this.#opening.opening() })
  }

  #finding(record: ClientRecord, finding: Finding): void {
    this.#proxy.tell({ event: 'finding', connection: this.#connection, client: record.number, finding })
  }
}
