import type { Properties, ProtocolVersion, QoS, UserProperty } from '../../../src/protocol/wire/packet.ts'
import type { PublishView } from '../../../src/protocol/wire/publish-view.ts'
import { type PublishFields, publishBytes } from '../packets/publish-bytes.ts'

/** The view a subscriber would be shown of this message. */
export function publishView(fields: PublishFields, version: ProtocolVersion = 5): PublishView {
  return viewOfPublish(publishBytes(fields, version), version)
}

/**
 * Reads one well-formed PUBLISH into a view, without a line of `src/protocol`. The bytes stand in the middle of a
 * larger buffer, as in a read buffer, so that a writer that forgets an offset is caught.
 */
export function viewOfPublish(packet: Buffer, version: ProtocolVersion): PublishView {
  const before = Buffer.from('before')
  const bytes = Buffer.concat([before, packet, Buffer.from('after')])
  const reader = new Reader(bytes, before.length)
  const firstByte = reader.byte()
  const length = reader.variableByteInteger()
  const payloadEnd = reader.offset + length
  const topicLength = reader.twoBytes()
  const topicStart = reader.offset
  const topicEnd = topicStart + topicLength
  reader.offset = topicEnd
  const qos = ((firstByte >> 1) & 3) as QoS
  const packetId = qos === 0 ? 0 : reader.twoBytes()
  const properties = version === 5 ? readProperties(reader) : {}
  return {
    bytes,
    topicBytes: bytes,
    topicStart,
    topicEnd,
    payloadStart: reader.offset,
    payloadEnd,
    propertiesStart: 0,
    propertiesEnd: 0,
    qos,
    retain: (firstByte & 1) === 1,
    dup: (firstByte & 8) === 8,
    packetId,
    topic: () => bytes.toString('utf8', topicStart, topicEnd),
    properties: () => properties,
  }
}

function readProperties(reader: Reader): Properties {
  const found: Record<string, unknown> = {}
  const subscriptionIdentifier: number[] = []
  const userProperties: UserProperty[] = []
  const end = reader.variableByteInteger() + reader.offset
  while (reader.offset < end) {
    const id = reader.byte()
    if (id === 0x01) found.payloadFormatIndicator = reader.byte()
    else if (id === 0x02) found.messageExpiryInterval = reader.twoBytes() * 65536 + reader.twoBytes()
    else if (id === 0x03) found.contentType = reader.binary().toString()
    else if (id === 0x08) found.responseTopic = reader.binary().toString()
    else if (id === 0x09) found.correlationData = reader.binary()
    else if (id === 0x23) found.topicAlias = reader.twoBytes()
    else if (id === 0x0b) {
      subscriptionIdentifier.push(reader.variableByteInteger())
      found.subscriptionIdentifier = subscriptionIdentifier
    } else if (id === 0x26) {
      userProperties.push([reader.binary().toString(), reader.binary().toString()])
      found.userProperties = userProperties
    } else throw new Error(`PUBLISH carries no property ${id}`)
  }
  return found
}

class Reader {
  readonly bytes: Buffer
  offset: number

  constructor(bytes: Buffer, offset: number) {
    this.bytes = bytes
    this.offset = offset
  }

  byte(): number {
    return this.bytes[this.offset++]!
  }

  twoBytes(): number {
    return this.byte() * 256 + this.byte()
  }

  variableByteInteger(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }

  binary(): Buffer {
    const length = this.twoBytes()
    this.offset += length
    return this.bytes.subarray(this.offset - length, this.offset)
  }
}
