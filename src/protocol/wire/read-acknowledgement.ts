import type { FieldReader } from './field-reader.ts'
import type { Acknowledgement } from './packet.ts'
import { readPacketId, readReasonCode } from './read-fields.ts'
import { noProperties, readProperties } from './read-properties.ts'
import { rules } from './rules.ts'

/** PUBACK, PUBREC, PUBREL, PUBCOMP. */
export function readAcknowledgement(
  reader: FieldReader,
  type: Acknowledgement['type'],
  flags: number,
): Acknowledgement {
  const packetId = readPacketId(reader, rules.identifierOfAcknowledgement)
  const hasReason = reader.version === 5 && reader.at < reader.end // left out: success, no properties
  const reasonCode = hasReason ? readReasonCode(reader, type) : 0
  const hasProperties = hasReason && reader.at < reader.end // left out even after a reason: none
  const properties = hasProperties ? readProperties(reader, type) : noProperties
  const acknowledgement = { type, packetId, reasonCode, properties }
  return (flags & 8) === 0 ? acknowledgement : { ...acknowledgement, dup: true }
}
