import type { TlsServerSettings } from '../../connection/transport/listen.ts'
import type { ByteWatch } from '../../connection/wire-watch.ts'
import type { UserTable } from './access/user-table.ts'
import type { BrokerEvent } from './events.ts'

/** A port that is absent is not opened; 0 takes a free one. */
export interface EmbeddedBrokerSettings {
  /** The address to listen on; '127.0.0.1' keeps the broker to this machine. */
  readonly host: string
  readonly tcpPort?: number
  readonly tlsPort?: number
  readonly webSocketPort?: number
  readonly secureWebSocketPort?: number
  /** Needed for `tlsPort` and `secureWebSocketPort`. */
  readonly tls?: TlsServerSettings
  /** Who may connect. Absent: everybody. */
  readonly users?: UserTable
  /** Topic filters that nobody may publish or subscribe to. */
  readonly deny?: readonly string[]
  /** The same for one user each. */
  readonly denyUser?: readonly UserDenial[]
  /** Origins of web pages that may use the WebSocket ports, beside those of this machine; `*` is any. */
  readonly webSocketOrigins?: readonly string[]
  /** What the broker calls itself under $SYS. */
  readonly version?: string
  readonly limits?: Partial<BrokerLimits>
  readonly onEvent?: (event: BrokerEvent) => void
  /** Called with the number of each connection; gives who is shown its bytes. */
  readonly watch?: (connection: number) => ByteWatch
}

export interface UserDenial {
  readonly username: string
  readonly filter: string
}

/** What clients may ask of the broker, one of them or all together. */
export interface BrokerLimits {
  /** Bytes; announced in CONNACK at MQTT 5. */
  readonly maximumPacketSize: number
  /** QoS 1 and 2 messages of one client that we have not acknowledged; announced at MQTT 5. */
  readonly receiveMaximum: number
  readonly topicAliasMaximum: number
  /** From the TCP connection to a whole CONNECT, milliseconds. */
  readonly connectDeadlineMs: number
  /**
   * How long a publisher waits for a client that does not keep up, milliseconds. After that its messages are queued, up
   * to the limits below.
   */
  readonly publisherWaitMs: number
  /** A client that reads nothing for so long, milliseconds, is closed. */
  readonly stalledClientMs: number
  /** Messages held for one client that is away or slow; what comes after is dropped and named. */
  readonly queuedMessages: number
  /** Bytes that all clients together may have the broker hold: queued, retained and unread messages, filters, sessions. */
  readonly memoryBytes: number
  readonly connections: number
  /** Sessions that outlive their connection. */
  readonly sessions: number
  /** Of one client. */
  readonly filters: number
}

export const defaultLimits: BrokerLimits = {
  maximumPacketSize: 16 * 1024 * 1024,
  receiveMaximum: 1000,
  topicAliasMaximum: 10,
  connectDeadlineMs: 10_000,
  stalledClientMs: 60_000,
  publisherWaitMs: 1000,
  queuedMessages: 100_000,
  memoryBytes: 512 * 1024 * 1024,
  connections: 10_000,
  sessions: 10_000,
  filters: 50_000,
}

export interface BoundAddress {
  readonly host: string
  readonly port: number
}

export interface EmbeddedBroker {
  readonly tcpAddress?: BoundAddress
  readonly tlsAddress?: BoundAddress
  readonly webSocketAddress?: BoundAddress
  readonly secureWebSocketAddress?: BoundAddress
  /**
   * For the process's `uncaughtException`: ends the connection whose packet led to this error, and says whether there
   * was one. False means that the error is not ours, and the process has to treat it as it treats any other.
   */
  endConnectionAtFault(error: unknown): boolean
  /** Tells every client (0x8B at MQTT 5), closes every connection and listener. */
  close(): Promise<void>
}
