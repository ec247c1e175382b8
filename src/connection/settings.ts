import type { Properties, ProtocolVersion, Will } from '../protocol/wire/packet.ts'

/** Where the broker is, as the user said it. No secret in here. */
export type Target =
  | { readonly transport: 'tcp' | 'tls'; readonly host: string; readonly port: number }
  | {
      readonly transport: 'ws' | 'wss'
      readonly host: string
      readonly port: number
      readonly path: string
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly transport: 'unix'; readonly path: string }

/** File paths are read by the transport when it connects, so that a renewed certificate is used on reconnect. */
export interface TlsSettings {
  readonly caFile?: string
  readonly caPath?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly keyPassphrase?: string
  readonly insecure: boolean
  readonly serverName?: string
  readonly alpn?: readonly string[]
  /** Exactly this version, as mosquitto's --tls-version. */
  readonly version?: '1.0' | '1.1' | '1.2' | '1.3'
  readonly ciphers?: string
}

export type ReconnectSettings =
  | { readonly mode: 'never' }
  /** The first connect alone is tried again, and not after a CONNACK: for one-shot commands. */
  | { readonly mode: 'first'; readonly seconds: number }
  /** `firstToo`: the user asked for it, and means the first connect as well. */
  | { readonly mode: 'for'; readonly seconds: number; readonly firstToo?: true }
  | { readonly mode: 'forever' }

export interface ConnectionSettings {
  readonly target: Target
  readonly tls: TlsSettings
  readonly bindAddress?: string
  readonly noDelay: boolean
  /** DNS to CONNACK, milliseconds. */
  readonly connectDeadlineMs: number
  readonly version: ProtocolVersion | 'auto'
  /** '' lets the server assign one (MQTT 5, or Clean Session at 3.1.1). */
  readonly clientId: string
  /** Clean Start of MQTT 5. */
  readonly cleanStart: boolean
  /** Clean Session of 3.1 and 3.1.1, which with `auto` is known only after CONNACK. */
  readonly cleanSession311: boolean
  /** The user asked for a session of theirs (`-c`): one that the server kept is no surprise [MQTT-3.2.2-4]. */
  readonly resumesUserSession: boolean
  readonly keepAliveSeconds: number
  readonly username?: string
  readonly password?: Uint8Array
  /** CONNECT properties, Session Expiry Interval and Receive Maximum included. */
  readonly properties: Properties
  readonly will?: Will
  /** Local cap on what we accept, bytes; announced at MQTT 5 (it is in `properties` then too). */
  readonly maximumPacketSize?: number
  /** Reserved flags of the fixed header that the broker sets are noted and let pass (`--lenient flags`). */
  readonly toleratesFlags?: boolean
  /** Most topic filters in one SUBSCRIBE or UNSUBSCRIBE: some brokers close on nine. */
  readonly filtersPerSubscribe?: number
  readonly reconnect: ReconnectSettings
  /** In-flight bound for our own QoS 1 and 2 publishes; the server's Receive Maximum lowers it. */
  readonly inflightMaximum?: number
  /** Session Expiry 0 is said in DISCONNECT on every planned exit. */
  readonly endSessionOnClose: boolean
  /** Every planned exit is one after which the broker publishes the will. */
  readonly leavesWithWill?: true
  /** Properties of our DISCONNECT at MQTT 5 (`-D disconnect`); `endSessionOnClose` adds its own. */
  readonly disconnectProperties: Properties
}
