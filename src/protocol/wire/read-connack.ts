import { ReasonCode } from '../reason-code.ts'
import type { FieldReader } from './field-reader.ts'
import type { Connack } from './packet.ts'
import { readReasonCode } from './read-fields.ts'
import { readProperties } from './read-properties.ts'
import { rules } from './rules.ts'

export function readConnack(reader: FieldReader): Connack {
  const start = reader.at
  const flags = reader.byte('acknowledgeFlags')
  const sessionPresent = (flags & 1) !== 0
  reader.noteBits('acknowledgeFlags', { sessionPresent })
  if (flags > 1)
    reader.fault(rules.connackReserved, start, ReasonCode.malformedPacket, 'a reserved acknowledge flag is set')
  const reasonCode = readReasonCode(reader, 'connack')
  if (sessionPresent && reasonCode !== 0) {
    reader.fault(
      rules.sessionPresentRefused,
      start,
      ReasonCode.protocolError,
      'Session Present in a CONNACK that refuses',
    )
  }
  return { type: 'connack', sessionPresent, reasonCode, properties: readProperties(reader, 'connack') }
}
