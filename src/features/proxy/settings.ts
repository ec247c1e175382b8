import type { ListenSettings } from '../../connection/transport/listen.ts'
import type { TransportSettings } from '../../connection/transport/transport.ts'
import type { PacketFilter } from '../../observation/packet-filter.ts'
import type { PacketType, Sender } from '../../protocol/wire/packet.ts'

/** How many of the packets that match: all, each with a chance, or the nth of each connection alone. */
export type FaultShare =
  | { readonly share: 'all' }
  | { readonly share: 'chance'; readonly probability: number }
  | { readonly share: 'nth'; readonly nth: number }

/** Which packets a fault befalls. Empty lists match everything. */
export interface FaultTarget {
  readonly types: readonly PacketType[]
  /** Topic filters: a publish, its acknowledgements, and what subscribes to it. */
  readonly topics: readonly string[]
  /** Who sent it; absent: either. */
  readonly sender?: Sender
  readonly which: FaultShare
}

/** What happens to a packet. */
export type FaultEffect =
  | { readonly fault: 'delay'; readonly delayMs: number }
  | { readonly fault: 'drop' }
  | { readonly fault: 'duplicate' }
  /** One bit of one byte: of the fixed header, of what is behind it, or of either. */
  | { readonly fault: 'corrupt'; readonly place: 'header' | 'body' | 'any' }
  /** Once the packet has been sent on. */
  | { readonly fault: 'close-after'; readonly by: 'fin' | 'reset' }
  /** Answered in the broker's place, with a reason code of MQTT 5, and not sent on. */
  | { readonly fault: 'refuse'; readonly reasonCode: number }

export interface FaultRule {
  /** As it was said: `--drop pubrec@10%`. */
  readonly text: string
  readonly target: FaultTarget
  readonly effect: FaultEffect
}

export interface ProxyListener extends ListenSettings {
  readonly isWebSocket: boolean
  /** Of web pages that may connect by WebSocket. */
  readonly origins?: readonly string[]
}

interface CaptureSettings {
  readonly path: string
  /** Passwords and authentication data as they were; otherwise each of their bytes is a `*`. */
  readonly showSecrets: boolean
}

export interface ProxySettings {
  readonly listeners: readonly ProxyListener[]
  readonly upstream: TransportSettings
  /** From DNS to the end of the last handshake below MQTT, milliseconds. */
  readonly connectDeadlineMs: number
  readonly faults: readonly FaultRule[]
  /** Of the random numbers: with the same seed, faults hit the same packets of a connection. */
  readonly seed: number
  readonly filter: PacketFilter
  readonly capture?: CaptureSettings
  /** Nothing is decoded: bytes pass, and that is all. */
  readonly isBlind: boolean
  /** The summary of each client comes at the end. */
  readonly givesSummary: boolean
  /** Only a view of whole exchanges needs them gathered. */
  readonly gathersExchanges: boolean
}
