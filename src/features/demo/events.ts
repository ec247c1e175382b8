import type { MqttCliError } from '../../errors.ts'
import type { WireEvent } from '../../protocol/session/wire-event.ts'
import type { Properties, QoS } from '../../protocol/wire/packet.ts'

export type DemoSection = 'subscriber' | 'messages' | 'handshake' | 'refusal'

/** What happens in the demonstration, for whoever shows it. */
export type DemoEvent =
  | { readonly event: 'started'; readonly host: string; readonly port: number }
  | { readonly event: 'section'; readonly section: DemoSection }
  /** One packet of one client, as the tap saw it pass. */
  | { readonly event: 'packet'; readonly client: string; readonly wire: WireEvent }
  | { readonly event: 'subscribed'; readonly filter: string; readonly qos: QoS }
  | { readonly event: 'arrived'; readonly message: ArrivedMessage }
  /** The packets of one QoS 2 publish, from PUBLISH to PUBCOMP; each was told of when it passed. */
  | {
      readonly event: 'handshake'
      readonly client: string
      readonly topic: string
      readonly steps: readonly WireEvent[]
      readonly elapsedMicroseconds: number
    }
  /** What the refused client is told, and the packets that led there. */
  | {
      readonly event: 'refused'
      readonly client: string
      readonly error: MqttCliError
      readonly steps: readonly WireEvent[]
    }
  | { readonly event: 'ended' }

export interface ArrivedMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: QoS
  readonly retain: boolean
  readonly properties: Properties
  /** From PUBLISH on the publisher's connection to PUBLISH on the subscriber's. */
  readonly elapsedMicroseconds: number
}
