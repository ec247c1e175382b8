import type { Properties, ProtocolVersion, Publish, QoS, UserProperty } from './packet.ts'
import type { PublishView } from './publish-view.ts'

const plus = 0x2b
const hash = 0x23
const firstNonAscii = 0x80
const userProperty = 0x26
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

/**
 * Reads an ordinary PUBLISH in place: every rule of the strict decoder holds for it, it has no properties but a few user
 * properties, and topic and properties are ASCII. Anything else is `false`: unusual or wrong, the strict decoder will
 * tell which. Nothing is allocated.
 */
export function scanPublish(
  publish: ScannedPublish,
  bytes: Buffer,
  start: number,
  bodyStart: number,
  end: number,
  version: ProtocolVersion,
): boolean {
  const flags = (bytes[start] as number) & 0x0f
  const qos = (flags >> 1) & 3
  const dup = (flags & 8) !== 0
  if (qos === 3 || (dup && qos === 0)) return false // [MQTT-3.3.1-4] [MQTT-3.3.1-2]
  const topicStart = bodyStart + 2
  if (topicStart > end) return false
  const topicEnd = topicStart + (((bytes[bodyStart] as number) << 8) | (bytes[bodyStart + 1] as number))
  if (topicEnd === topicStart || topicEnd > end || !isPlainTopic(bytes, topicStart, topicEnd)) return false
  let at = topicEnd
  if (qos !== 0) {
    if (at + 2 > end) return false
    publish.packetId = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
    if (publish.packetId === 0) return false
    at += 2
  } else publish.packetId = 0
  if (version !== 5) publish.see(bytes, topicStart, topicEnd, at, end)
  else {
    if (at >= end) return false
    const propertiesStart = at + 1
    const propertiesEnd = propertiesStart + (bytes[at] as number)
    if (bytes[at] !== 0 && !areUserProperties(bytes, propertiesStart, propertiesEnd, end)) return false
    publish.see(bytes, topicStart, topicEnd, propertiesEnd, end)
    publish.propertiesStart = propertiesStart
    publish.propertiesEnd = propertiesEnd
  }
  publish.qos = qos as 0 | 1 | 2
  publish.retain = (flags & 1) !== 0
  publish.dup = dup
  return true
}

/** ASCII without NUL [MQTT-1.5.4-2] and wildcards [MQTT-3.3.2-2]. */
function isPlainTopic(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === 0 || byte >= firstNonAscii || byte === plus || byte === hash) return false
  }
  return true
}

/** Less than 128 bytes of nothing but pairs of ASCII strings without NUL [MQTT-1.5.4-2]. */
function areUserProperties(bytes: Buffer, start: number, propertiesEnd: number, packetEnd: number): boolean {
  if (propertiesEnd > packetEnd || propertiesEnd - start >= firstNonAscii) return false
  let at = start
  while (at < propertiesEnd) {
    if (bytes[at] !== userProperty) return false
    at = plainStringEnd(bytes, at + 1, propertiesEnd)
    if (at !== 0) at = plainStringEnd(bytes, at, propertiesEnd)
    if (at === 0) return false
  }
  return true
}

/** Where the string at `at` ends; 0 when it is not plain, or not all there. */
function plainStringEnd(bytes: Buffer, at: number, limit: number): number {
  if (at + 2 > limit) return 0
  const end = at + 2 + (((bytes[at] as number) << 8) | (bytes[at + 1] as number))
  if (end > limit) return 0
  for (let each = at + 2; each < end; each++) {
    const byte = bytes[each] as number
    if (byte === 0 || byte >= firstNonAscii) return 0
  }
  return end
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
