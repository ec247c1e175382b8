import type { TlsServerSettings } from '../../connection/transport/listen.ts'
import type { ByteWatch } from '../../connection/wire-watch.ts'
import type { BrokerEvent } from './events.ts'
import type { UserTable } from './user-table.ts'

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
  readonly limits?: Partial<BrokerLimits>
  readonly onEvent?: (event: BrokerEvent) => void
  /** Called with the number of each connection; gives who is shown its bytes. */
  readonly watch?: (connection: number) => ByteWatch
}

/** What one client may ask of the broker. */
export interface BrokerLimits {
  /** Bytes; announced in CONNACK at MQTT 5. */
  readonly maximumPacketSize: number
  /** QoS 1 and 2 messages of one client that we have not acknowledged; announced at MQTT 5. */
  readonly receiveMaximum: number
  readonly topicAliasMaximum: number
  /** From the TCP connection to a whole CONNECT, milliseconds. */
  readonly connectDeadlineMs: number
  /**
   * How long publishers wait for a client that does not keep up, milliseconds. One that does not even read is closed
   * then; one that only does not acknowledge has its messages queued, up to the next limit.
   */
  readonly stalledClientMs: number
  /** Messages held for one client that is away or slow; what comes after is dropped and named. */
  readonly queuedMessages: number
}

export const defaultLimits: BrokerLimits = {
  maximumPacketSize: 16 * 1024 * 1024,
  receiveMaximum: 1000,
  topicAliasMaximum: 10,
  connectDeadlineMs: 10_000,
  stalledClientMs: 60_000,
  queuedMessages: 100_000,
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
