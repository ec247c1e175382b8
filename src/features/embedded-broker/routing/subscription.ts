import type { QoS } from '../../../protocol/wire/packet.ts'

/** One subscription of one session. */
export interface Subscription {
  /** As the client wrote it. */
  readonly filter: string
  /** With it the message goes to one of those who share [MQTT-4.8.2-1]; `filter` is what follows the name. */
  readonly share?: { readonly shareName: string; readonly filter: string }
  readonly qos: QoS
  readonly noLocal: boolean
  readonly retainAsPublished: boolean
  readonly identifier?: number
}

/** What all subscriptions of one session that match a topic mean together. */
export interface Match {
  /** The highest of them [MQTT-3.3.4-2]. */
  qos: QoS
  retainAsPublished: boolean
  /** All of them [MQTT-3.3.4-4]. */
  readonly identifiers: number[]
}

export function matchOf({ qos, retainAsPublished, identifier }: Subscription): Match {
  return { qos, retainAsPublished, identifiers: identifier === undefined ? [] : [identifier] }
}
