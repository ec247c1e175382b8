import type { KeyedAdvice } from '../../advice.ts'
import type { ProtocolVersion, QoS } from '../../protocol/wire/packet.ts'
import type { Violation } from '../../protocol/wire/violation.ts'

/** What happens in the broker, for whoever shows it. No payloads and no passwords. */
export type BrokerEvent = ClientEvent & {
  /** Counts from 1; 0 when it is about no connection. */
  readonly connection: number
  readonly clientId?: string
}

export type ClientEvent =
  | { readonly event: 'opened'; readonly transport: string; readonly remote: string }
  /** It never became a connection: its TLS handshake or its WebSocket upgrade failed, or there are too many. */
  | {
      readonly event: 'rejected'
      readonly transport: string
      readonly remote: string
      readonly reason: string
      /** The same with what would let it in. */
      readonly advice?: KeyedAdvice
    }
  | {
      readonly event: 'connected'
      readonly version: ProtocolVersion
      readonly username?: string
      readonly cleanStart: boolean
      readonly sessionPresent: boolean
    }
  | { readonly event: 'refused'; readonly version: ProtocolVersion; readonly reasonCode: number }
  | { readonly event: 'subscribed'; readonly filter: string; readonly reasonCode: number }
  | { readonly event: 'unsubscribed'; readonly filters: readonly string[] }
  | {
      readonly event: 'published'
      readonly topic: string
      readonly qos: QoS
      readonly retain: boolean
      readonly payloadBytes: number
    }
  | { readonly event: 'denied'; readonly topic: string; readonly reasonCode: number }
  | { readonly event: 'dropped'; readonly topic: string; readonly cause: DropCause }
  | { readonly event: 'violation'; readonly violation: Violation }
  /** An error inside the broker: this connection ends, the others go on. */
  | { readonly event: 'fault'; readonly error: unknown }
  | { readonly event: 'closed'; readonly cause: string }

/** Why a message does not reach a client that subscribed to it. */
export type DropCause = 'queue full' | 'memory limit' | 'larger than the client takes' | 'expired'
