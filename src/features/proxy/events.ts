import type { KeyedAdvice } from '../../advice.ts'
import type { MqttCliError } from '../../errors.ts'
import type { ClientSummary } from '../../observation/client-registry.ts'
import type { Finding } from '../../observation/finding.ts'
import type { PacketType, Sender } from '../../protocol/wire/packet.ts'
import type { FaultCount } from './faults/fault-counter.ts'
import type { FaultEffect } from './settings.ts'

/** What became of a packet on its way through. */
export interface FaultDone {
  readonly effect: FaultEffect
  readonly sender: Sender
  readonly packet?: PacketType
  readonly packetId?: number
  /** Of the byte that was changed, from the packet's first one. */
  readonly offset?: number
}

/** What a proxy tells. Times are microseconds since it began to listen. */
export type ProxyEvent =
  | { readonly event: 'listening'; readonly url: string; readonly to: string }
  /** A client that did not get as far as a connection: TLS or the WebSocket upgrade failed. */
  | {
      readonly event: 'rejected'
      readonly remote: string
      readonly reason: string
      /** The same with what would let it in. */
      readonly advice?: KeyedAdvice
      readonly atMicroseconds: number
    }
  | {
      readonly event: 'opened'
      readonly connection: number
      readonly remote: string
      /** `tcp 127.0.0.1:1883` */
      readonly upstream: string
      /** How long it took to reach the broker. */
      readonly elapsedMicroseconds: number
      readonly atMicroseconds: number
    }
  | {
      readonly event: 'unreachable'
      readonly connection: number
      readonly remote: string
      readonly error: MqttCliError
      readonly atMicroseconds: number
    }
  | {
      readonly event: 'finding'
      readonly connection: number
      /** Whose colour and number it has: another connection's, when this client was seen before. */
      readonly client: number
      readonly finding: Finding
    }
  | {
      readonly event: 'fault'
      readonly connection: number
      readonly client: number
      readonly done: FaultDone
      readonly atMicroseconds: number
    }
  | {
      readonly event: 'closed'
      readonly connection: number
      readonly client: number
      readonly by: Sender | 'proxy'
      /** By RST, or by an error of the transport. */
      readonly isAbrupt: boolean
      readonly clientBytes: number
      readonly serverBytes: number
      readonly atMicroseconds: number
    }
  | { readonly event: 'summary'; readonly of: ClientSummary }
  /** Clients beyond those that are counted one by one. */
  | { readonly event: 'uncounted'; readonly clients: number }
  /** At the end, where faults were asked for. */
  | { readonly event: 'faults'; readonly faults: readonly FaultCount[] }
