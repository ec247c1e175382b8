import { ReasonCode } from '../reason-code.ts'
import type { FieldReader } from './field-reader.ts'
import type { Auth, Disconnect } from './packet.ts'
import { checkReasonCode, readReasonCode } from './read-fields.ts'
import { noProperties, readProperties } from './read-properties.ts'
import { rules } from './rules.ts'

export function readDisconnect(reader: FieldReader): Disconnect {
  const hasReason = reader.version === 5 && reader.at < reader.end // left out: normal disconnection
  const reasonCode = hasReason ? readReasonCode(reader, 'disconnect') : 0
  const hasProperties = hasReason && reader.at < reader.end
  const properties = hasProperties ? readProperties(reader, 'disconnect') : noProperties
  return { type: 'disconnect', reasonCode, properties }
}

export function readAuth(reader: FieldReader): Auth {
  if (reader.at >= reader.end) {
    checkReasonCode(reader, 'auth', 0, reader.origin) // left out it is 0 all the same, which only a server may say
    return { type: 'auth', reasonCode: 0, properties: noProperties }
  }
  const reasonCode = readReasonCode(reader, 'auth')
  const propertiesStart = reader.at
  const properties = readProperties(reader, 'auth') // refuses data without a method by itself
  if (properties.authenticationMethod === undefined && properties.authenticationData === undefined) {
    reader.fault(rules.authMethod, propertiesStart, ReasonCode.protocolError, 'AUTH without an Authentication Method')
  }
  return { type: 'auth', reasonCode, properties }
}
