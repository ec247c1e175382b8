import type { FieldReader } from './field-reader.ts'
import type { Suback, Unsuback } from './packet.ts'
import { readPacketId, readReasonCode, requireEntries } from './read-fields.ts'
import { noProperties, readProperties } from './read-properties.ts'
import { rules } from './rules.ts'

export function readSuback(reader: FieldReader): Suback {
  const packetId = readPacketId(reader, rules.identifierOfSubscription)
  const properties = readProperties(reader, 'suback')
  requireEntries(reader, rules.subackPayload, 'SUBACK has no reason code')
  return { type: 'suback', packetId, reasonCodes: readReasonCodes(reader, 'suback'), properties }
}

export function readUnsuback(reader: FieldReader): Unsuback {
  const packetId = readPacketId(reader, rules.identifierOfSubscription)
  if (reader.version < 5) return { type: 'unsuback', packetId, reasonCodes: [], properties: noProperties }
  const properties = readProperties(reader, 'unsuback')
  requireEntries(reader, rules.unsubackPayload, 'UNSUBACK has no reason code')
  return { type: 'unsuback', packetId, reasonCodes: readReasonCodes(reader, 'unsuback'), properties }
}

function readReasonCodes(reader: FieldReader, packet: 'suback' | 'unsuback'): number[] {
  const codes: number[] = []
  while (reader.at < reader.end) {
    codes.push(readReasonCode(reader, packet, `reasonCodes[${codes.length}]`))
  }
  return codes
}
