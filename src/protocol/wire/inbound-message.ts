import type { MessageView } from './message-view.ts'
import type { Properties, Publish, QoS } from './packet.ts'

const noProperties: Properties = Object.freeze({})
const nothing = Buffer.alloc(0)

/** The one `MessageView` of a connection, filled again for each PUBLISH. */
export class InboundMessage implements MessageView {
  bytes: Buffer = nothing
  topicStart = 0
  topicEnd = 0
  payloadStart = 0
  payloadEnd = 0
  qos: QoS = 0
  retain = false
  dup = false
  packetId = 0
  #topic: string | undefined
  #properties = noProperties

  topic(): string {
    this.#topic ??= this.bytes.toString('utf8', this.topicStart, this.topicEnd)
    return this.#topic
  }

  properties(): Properties {
    return this.#properties
  }

  /** A PUBLISH without properties, seen in place. */
  see(bytes: Buffer, topicStart: number, topicEnd: number, payloadStart: number, payloadEnd: number): void {
    this.bytes = bytes
    this.topicStart = topicStart
    this.topicEnd = topicEnd
    this.payloadStart = payloadStart
    this.payloadEnd = payloadEnd
    this.#topic = undefined
    this.#properties = noProperties
  }

  /** A PUBLISH that the strict decoder read, with its topic alias resolved to `topic`. */
  hold(packet: Publish, topic: string): void {
    const topicBytes = Buffer.from(topic)
    this.bytes = Buffer.concat([topicBytes, packet.payload])
    this.topicStart = 0
    this.topicEnd = topicBytes.length
    this.payloadStart = topicBytes.length
    this.payloadEnd = this.bytes.length
    this.qos = packet.qos
    this.retain = packet.retain
    this.dup = packet.dup
    this.packetId = packet.packetId ?? 0
    this.#topic = topic
    this.#properties = packet.properties
  }
}
