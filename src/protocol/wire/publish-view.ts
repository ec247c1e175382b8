import type { Properties, QoS } from './packet.ts'

/**
 * One inbound PUBLISH, seen in place in the read buffer. The same object is used again for the next message and the
 * bytes are overwritten by the next read: copy what you keep, or keep the bytes themselves where a payload has more of
 * them than `largestReusedBytes`. No string is made until somebody asks for one.
 */
export interface PublishView {
  readonly topicBytes: Buffer
  readonly topicStart: number
  readonly topicEnd: number
  /** Holds the payload, and the properties that are in place. */
  readonly bytes: Buffer
  readonly payloadStart: number
  readonly payloadEnd: number
  /** User properties and no others, in place; equal where there are none, or others too: `properties` has them all. */
  readonly propertiesStart: number
  readonly propertiesEnd: number
  readonly qos: QoS
  readonly retain: boolean
  readonly dup: boolean
  /** 0 at QoS 0. */
  readonly packetId: number
  /** The topic name, with a topic alias already resolved. */
  topic(): string
  /** Empty below MQTT 5. */
  properties(): Properties
}
