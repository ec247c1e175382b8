import type { Properties, ProtocolVersion, QoS } from '../../../src/protocol/wire/packet.ts'

export interface PublishFields {
  readonly topic: string
  readonly payload: string | Buffer
  readonly qos?: QoS
  readonly retain?: boolean
  readonly dup?: boolean
  readonly packetId?: number
  /** Written in the order of the keys. Ignored below MQTT 5. */
  readonly properties?: Properties
}

/** A PUBLISH as a broker would send it. Written apart from `src/protocol`, so that tests do not check code with itself. */
export function publishBytes(fields: PublishFields, version: ProtocolVersion): Buffer {
  const { topic, payload, qos = 0, retain = false, dup = false, packetId = 1, properties = {} } = fields
  const propertyBytes = Buffer.concat(Object.entries(properties).map(([name, value]) => property(name, value)))
  const body = Buffer.concat([
    text(topic),
    qos === 0 ? Buffer.alloc(0) : twoBytes(packetId),
    version === 5 ? Buffer.concat([variableByteInteger(propertyBytes.length), propertyBytes]) : Buffer.alloc(0),
    Buffer.from(payload),
  ])
  const firstByte = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)
  return Buffer.concat([Buffer.of(firstByte), variableByteInteger(body.length), body])
}

function property(name: string, value: unknown): Buffer {
  switch (name) {
    case 'payloadFormatIndicator':
      return Buffer.of(0x01, value as number)
    case 'messageExpiryInterval':
      return Buffer.concat([Buffer.of(0x02), fourBytes(value as number)])
    case 'contentType':
      return Buffer.concat([Buffer.of(0x03), text(value as string)])
    case 'responseTopic':
      return Buffer.concat([Buffer.of(0x08), text(value as string)])
    case 'correlationData':
      return Buffer.concat([Buffer.of(0x09), twoBytes((value as Buffer).length), value as Buffer])
    case 'subscriptionIdentifier':
      return Buffer.concat((value as number[]).flatMap((id) => [Buffer.of(0x0b), variableByteInteger(id)]))
    case 'topicAlias':
      return Buffer.concat([Buffer.of(0x23), twoBytes(value as number)])
    case 'userProperties':
      return Buffer.concat((value as [string, string][]).flatMap(([k, v]) => [Buffer.of(0x26), text(k), text(v)]))
    default:
      throw new Error(`PUBLISH carries no ${name}`)
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([twoBytes(bytes.length), bytes])
}

function twoBytes(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function variableByteInteger(value: number): Buffer {
  const bytes: number[] = []
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0))
    value >>>= 7
  } while (value > 0)
  return Buffer.from(bytes)
}
