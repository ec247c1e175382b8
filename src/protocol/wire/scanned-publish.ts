import type { Properties, Publish, QoS, UserProperty } from './packet.ts'
import type { PublishView } from './publish-view.ts'

const noProperties: Properties = Object.freeze({})
const nothing = Buffer.alloc(0)

/** The one `PublishView` of a connection, filled again for each PUBLISH. */
export class ScannedPublish implements PublishView {
  bytes: Buffer = nothing
  topicBytes: Buffer = nothing
  topicStart = 0
  topicEnd = 0
  payloadStart = 0
  payloadEnd = 0
  propertiesStart = 0
  propertiesEnd = 0
  qos: QoS = 0
  retain = false
  dup = false
  packetId = 0
  #topic: string | undefined
  /** Undefined: nobody has asked for those in place yet. */
  #properties: Properties | undefined = noProperties

  topic(): string {
    this.#topic ??= this.topicBytes.toString('utf8', this.topicStart, this.topicEnd)
    return this.#topic
  }

  properties(): Properties {
    this.#properties ??= readUserProperties(this.bytes, this.propertiesStart, this.propertiesEnd)
    return this.#properties
  }

  /** A PUBLISH seen in place; the user properties that it has are set after this. */
  see(bytes: Buffer, topicStart: number, topicEnd: number, payloadStart: number, payloadEnd: number): void {
    this.bytes = bytes
    this.topicBytes = bytes
    this.topicStart = topicStart
    this.topicEnd = topicEnd
    this.payloadStart = payloadStart
    this.payloadEnd = payloadEnd
    this.propertiesStart = 0
    this.propertiesEnd = 0
    this.#topic = undefined
    this.#properties = undefined
  }

  /** Lets go of the bytes: they may be a payload of hundreds of megabytes, which the next one must not wait for. */
  release(): void {
    this.bytes = nothing
    this.topicBytes = nothing
  }

  /** A PUBLISH that the strict decoder read, with its topic alias resolved to `topic`. */
  hold(packet: Publish, topic: string): void {
    this.topicBytes = Buffer.from(topic)
    this.topicStart = 0
    this.topicEnd = this.topicBytes.length
    this.bytes = Buffer.from(packet.payload.buffer, packet.payload.byteOffset, packet.payload.length)
    this.payloadStart = 0
    this.payloadEnd = packet.payload.length
    this.propertiesStart = 0
    this.propertiesEnd = 0
    this.qos = packet.qos
    this.retain = packet.retain
    this.dup = packet.dup
    this.packetId = packet.packetId ?? 0
    this.#topic = topic
    this.#properties = packet.properties
  }
}

/** A block that the scan found to hold user properties and nothing else. */
function readUserProperties(bytes: Buffer, start: number, end: number): Properties {
  if (start === end) return noProperties
  const userProperties: UserProperty[] = []
  for (let at = start; at < end; ) {
    const nameEnd = at + 3 + bytes.readUInt16BE(at + 1)
    const valueEnd = nameEnd + 2 + bytes.readUInt16BE(nameEnd)
    userProperties.push([bytes.toString('latin1', at + 3, nameEnd), bytes.toString('latin1', nameEnd + 2, valueEnd)])
    at = valueEnd
  }
  return { userProperties }
}
