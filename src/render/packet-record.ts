import { decodeUtf8 } from '../payload/decode-utf8.ts'
import { reasonCode, reasonCodesOf } from '../protocol/reason-codes.ts'
import { redacted } from '../protocol/redacted.ts'
import type {
  Connect,
  Packet,
  PacketType,
  Properties,
  ProtocolVersion,
  Publish,
  Will,
} from '../protocol/wire/packet.ts'

export type JsonRecord = Readonly<Record<string, unknown>>

/** How much of a packet a record holds beyond what a trace shows. */
interface RecordOptions {
  /** Passwords and authentication data as they are. */
  readonly showSecrets?: boolean
  /** The payload of a will, so that the packet can be built again. */
  readonly withWillPayload?: boolean
}

/**
 * A packet as a plain object for `--json`: our own field names, properties by the standard's names, binary data as
 * `{"base64":"…"}`. Passwords, authentication data and the payload of a will are not in it unless asked for.
 */
export function packetRecord(packet: Packet, version: ProtocolVersion, options: RecordOptions = {}): JsonRecord {
  const propertiesOf = (properties: Properties) => propertiesField(properties, options)
  switch (packet.type) {
    case 'connect':
      return connectRecord(packet, options)
    case 'publish':
      return publishRecord(packet, options)
    case 'suback':
    case 'unsuback': {
      const { properties, ...fields } = packet
      const reasonNames = packet.reasonCodes.map((code) => reasonCode(packet.type, version, code)?.name ?? null)
      return { ...fields, reasonNames, ...propertiesOf(properties) }
    }
    case 'pingreq':
    case 'pingresp':
      return { ...packet }
    default: {
      const { properties, ...fields } = packet
      return { ...withReason(fields, version), ...propertiesOf(properties) }
    }
  }
}

/** The one packet that comes in masses: filled in place, where spreads would cost 2 µs. */
function publishRecord(packet: Publish, options: RecordOptions): JsonRecord {
  const record: Record<string, unknown> = {
    type: packet.type,
    topic: packet.topic,
    qos: packet.qos,
    retain: packet.retain,
    dup: packet.dup,
  }
  if (packet.packetId !== undefined) record.packetId = packet.packetId
  return Object.assign(record, payloadRecord(packet.payload), propertiesField(packet.properties, options))
}

function connectRecord({ will, password, properties, ...fields }: Connect, options: RecordOptions): JsonRecord {
  return {
    ...fields,
    ...(password === undefined ? {} : { password: options.showSecrets ? base64Record(password) : redacted }),
    ...(will === undefined ? {} : { will: willRecord(will, options) }),
    ...propertiesField(properties, options),
  }
}

function willRecord({ payload, properties, ...fields }: Will, options: RecordOptions): JsonRecord {
  const content = options.withWillPayload ? payloadRecord(payload) : {}
  return { ...fields, payloadBytes: payload.length, ...content, ...propertiesField(properties, options) }
}

/** What is larger is not made into text: strings have a limit, and a record several times the size of its packet. */
export const largestRecordedBytes = 16 * 1024 * 1024

/** Text where the bytes are UTF-8, base64 where they are not: nothing is lost. Of a very large one its size alone. */
export function payloadRecord(payload: Uint8Array): JsonRecord {
  if (payload.length > largestRecordedBytes) return { payloadBytes: payload.length }
  const text = decodeUtf8(payload)
  return text === undefined
    ? { payload: Buffer.from(payload).toString('base64'), encoding: 'base64' }
    : { payload: text, encoding: 'utf8' }
}

/** The reason with its name; without either where this packet carries none at this version. */
function withReason(fields: { readonly type: PacketType }, version: ProtocolVersion): JsonRecord {
  if (!('reasonCode' in fields) || typeof fields.reasonCode !== 'number') return { ...fields }
  const { reasonCode: code, ...others } = fields
  const codes = reasonCodesOf(fields.type, version)
  if (codes.size === 0) return others
  const name = codes.get(code)?.name
  return { ...others, reasonCode: code, ...(name === undefined ? {} : { reasonName: name }) }
}

/** `properties`, or nothing where there are none. Below MQTT 5 there never are. */
export function propertiesField(properties: Properties, options: RecordOptions = {}): JsonRecord {
  const entries = Object.entries(properties)
  if (entries.length === 0) return {}
  return { properties: Object.fromEntries(entries.map(([key, value]) => [key, propertyValue(key, value, options)])) }
}

function propertyValue(key: string, value: unknown, { showSecrets }: RecordOptions): unknown {
  if (key === 'authenticationData' && showSecrets !== true) return redacted
  return value instanceof Uint8Array ? base64Record(value) : value
}

function base64Record(bytes: Uint8Array): JsonRecord {
  return { base64: Buffer.from(bytes).toString('base64') }
}
