import type { PacketFilter } from '../../observation/packet-filter.ts'
import type { Properties, QoS, SubscriptionRequest } from '../../protocol/wire/packet.ts'

export interface InspectedPublish {
  readonly topic: string
  readonly payload: Uint8Array
}

/** What the inspected client does. */
export interface InspectSettings {
  /** None: the connection alone is looked at. */
  readonly subscriptions: readonly SubscriptionRequest[]
  readonly subscribeProperties: Properties
  /** One after the other, each when the one before has found its end. */
  readonly publishes: readonly InspectedPublish[]
  readonly qos: QoS
  readonly retain: boolean
  readonly publishProperties: Properties
  /** Stop after this many messages (`-C`). */
  readonly count?: number
  /** Give up after this long, milliseconds (`-W`). */
  readonly giveUpAfterMs?: number
  readonly filter: PacketFilter
}
