import { reasonCode, reasonCodesOf } from '../protocol/reason-codes.ts'
import type { Connect, Packet, PacketType, Properties, ProtocolVersion, Will } from '../protocol/wire/packet.ts'
import { decodeUtf8 } from './escape-bytes.ts'
import { redacted } from './redacted.ts'

export type JsonRecord = Readonly<Record<string, unknown>>

/**
 * A packet as a plain object for `--json`: our own field names, properties by the standard's names, binary data as
 * `{"base64":"…"}`. Passwords, authentication data and the payload of a will are not in it.
 */
export function packetRecord(packet: Packet, version: ProtocolVersion): JsonRecord {
  switch (packet.type) {
    case 'connect':
      return connectRecord(packet)
    case 'publish': {
      const { properties, payload, ...fields } = packet
      return { ...fields, ...payloadRecord(payload), ...propertiesField(properties) }
    }
    case 'suback':
    case 'unsuback': {
      const { properties, ...fields } = packet
      const reasonNames = packet.reasonCodes.map((code) => reasonCode(packet.type, version, code)?.name ?? null)
      return { ...fields, reasonNames, ...propertiesField(properties) }
    }
    case 'pingreq':
    case 'pingresp':
      return { ...packet }
    default: {
      const { properties, ...fields } = packet
      return { ...withReason(fields, version), ...propertiesField(properties) }
    }
  }
}

function connectRecord({ will, password, properties, ...fields }: Connect): JsonRecord {
  return {
    ...fields,
    ...(password === undefined ? {} : { password: redacted }),
    ...(will === undefined ? {} : { will: willRecord(will) }),
    ...propertiesField(properties),
  }
}

function willRecord({ payload, properties, ...fields }: Will): JsonRecord {
  return { ...fields, payloadBytes: payload.length, ...propertiesField(properties) }
}

/** Text where the bytes are UTF-8, base64 where they are not: nothing is lost. */
export function payloadRecord(payload: Uint8Array): JsonRecord {
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
export function propertiesField(properties: Properties): JsonRecord {
  const entries = Object.entries(properties)
  if (entries.length === 0) return {}
  return { properties: Object.fromEntries(entries.map(([key, value]) => [key, propertyValue(key, value)])) }
}

function propertyValue(key: string, value: unknown): unknown {
  if (key === 'authenticationData') return redacted
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}
