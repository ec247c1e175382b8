import type { ProtocolVersion } from '../protocol/wire/packet.ts'
import { Exchanges } from './exchange.ts'
import type { InspectedPacket } from './inspected-packet.ts'
import type { PacketFilter } from './packet-filter.ts'
import { StreamReader } from './stream-reader.ts'
import { type Summary, SummaryCounter } from './summary.ts'

/** The summary of one client, over all of its connections. */
export interface ClientSummary {
  /** Its number in the views: that of its first connection. */
  readonly client: number
  readonly clientId?: string
  readonly connections: number
  readonly summary: Summary
}

/** So many clients are counted one by one: a limit on memory, since a client may use a new identifier each time. */
const mostClients = 1000

/** One client over all of its connections: what it left open on one may go on on the next. */
export class ClientRecord {
  /** That of its first connection. */
  readonly number: number
  readonly reader: StreamReader
  readonly exchanges = new Exchanges()
  readonly counter: SummaryCounter
  clientId: string | undefined
  connections = 0
  isConnected = false
  /** Of the connection that it has now. */
  onPacket: (packet: InspectedPacket) => void = () => {}

  constructor(number: number, filter: PacketFilter) {
    this.number = number
    this.counter = new SummaryCounter(filter)
    this.reader = new StreamReader((packet) => {
      this.clientId = packet.clientId ?? this.clientId
      this.onPacket(packet)
    })
  }

  summary(): ClientSummary {
    return {
      client: this.number,
      ...(this.clientId !== undefined && { clientId: this.clientId }),
      connections: this.connections,
      summary: this.counter.summary(this.reader.conversation),
    }
  }
}

/** The clients that were seen, by their identifier. */
export class ClientRegistry {
  readonly #known = new Map<string, ClientRecord>()
  readonly #records = new Set<ClientRecord>()
  readonly #filter: PacketFilter
  /** Clients beyond those that are kept. */
  uncounted = 0

  constructor(filter: PacketFilter) {
    this.#filter = filter
  }

  /** The client of this connection: the known one with that identifier unless it is connected already, else a new one. */
  open(connection: number, clientId: string | undefined): ClientRecord {
    const known = clientId === undefined || clientId === '' ? undefined : this.#known.get(clientId)
    const record = known === undefined || known.isConnected ? this.#newRecord(connection, clientId) : known
    record.isConnected = true
    record.connections++
    record.reader.opened(connection)
    return record
  }

  /** A connection whose CONNECT was not seen: a client without a name. */
  join(connection: number, version: ProtocolVersion): ClientRecord {
    const record = this.#newRecord(connection, undefined)
    record.isConnected = true
    record.connections++
    record.reader.joined(connection, version)
    return record
  }

  records(): Iterable<ClientRecord> {
    return this.#records
  }

  #newRecord(connection: number, clientId: string | undefined): ClientRecord {
    const record = new ClientRecord(connection, this.#filter)
    if (this.#records.size >= mostClients) {
      this.uncounted++
      return record
    }
    this.#records.add(record)
    if (clientId !== undefined && clientId !== '') this.#known.set(clientId, record)
    return record
  }
}
