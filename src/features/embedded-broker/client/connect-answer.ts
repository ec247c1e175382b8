import { ReasonCode } from '../../../protocol/reason-code.ts'
import { reasonCode } from '../../../protocol/reason-codes.ts'
import type { Connack, Connect, Properties, ProtocolVersion } from '../../../protocol/wire/packet.ts'
import type { Violation } from '../../../protocol/wire/violation.ts'
import type { BrokerContext } from '../broker-context.ts'
import type { BrokerLimits } from '../settings.ts'

export interface Refusal {
  readonly connack: Connack
  /** In which the CONNACK is written. */
  readonly version: ProtocolVersion
}

/** The answer to a CONNECT that breaks a rule. Below MQTT 5 most are only closed [MQTT-3.1.1:3.1.4-1]. */
export function refusalOf(violation: Violation, connectBytes: Buffer): Refusal | undefined {
  if (violation.packet !== 'connect') return undefined
  const level = protocolLevel(connectBytes)
  if (level === undefined) return undefined
  if (violation.reasonCode === ReasonCode.unsupportedProtocolVersion) return unsupported(level)
  if (level === 5) return { version: 5, connack: refusing(codeForConnack(violation.reasonCode), violation.message) }
  if (violation.reasonCode !== ReasonCode.clientIdentifierNotValid) return undefined
  return { version: 4, connack: refusing(2) } // [MQTT-3.1.1:3.1.3-8]
}

/**
 * A bridge counts on a broker that does not send its own messages back to it, and this one would: refused in the form of
 * 3.1.1, mosquitto comes again without the bit.
 */
function bridgeRefusal(connect: Connect): Refusal | undefined {
  return connect.bridge === true ? { version: 4, connack: refusing(1) } : undefined
}

/** The refusal of this CONNECT, where there is a reason for one. */
export async function checkConnect(
  connect: Connect,
  { users }: Pick<BrokerContext, 'users'>,
): Promise<Refusal | undefined> {
  const refusal = bridgeRefusal(connect) ?? authenticationRefusal(connect)
  if (refusal !== undefined || users === undefined) return refusal
  if (await users.check(connect.username, connect.password)) return undefined
  return { version: connect.version, connack: refusing(connect.version === 5 ? ReasonCode.badUserNameOrPassword : 4) }
}

/** Below MQTT 5 it is 3, server unavailable. */
export function noRoom(version: ProtocolVersion): Refusal {
  if (version < 5) return { version, connack: refusing(3) }
  return { version, connack: refusing(ReasonCode.quotaExceeded, 'there is no room for another session here') }
}

/** We speak no method of enhanced authentication [MQTT-4.12.0-1]. */
function authenticationRefusal(connect: Connect): Refusal | undefined {
  if (connect.properties.authenticationMethod === undefined) return undefined
  return {
    version: 5,
    connack: refusing(ReasonCode.badAuthenticationMethod, 'this broker knows no authentication method'),
  }
}

/** A protocol level below 5 is answered with CONNACK 1, one above it with 0x84 [MQTT-3.1.2-2] [MQTT-3.1.1:3.1.2-2]. */
function unsupported(level: number): Refusal {
  if (level < 5) return { version: 4, connack: refusing(1) }
  return { version: 5, connack: refusing(ReasonCode.unsupportedProtocolVersion) }
}

function refusing(code: number, reasonString?: string): Connack {
  const properties = reasonString === undefined ? {} : { reasonString }
  return { type: 'connack', sessionPresent: false, reasonCode: code, properties }
}

function codeForConnack(code: number): number {
  return reasonCode('connack', 5, code) === undefined ? ReasonCode.unspecifiedError : code
}

/** Of a CONNECT that need not be well-formed: after the fixed header, the protocol name with its length, one byte. */
function protocolLevel(bytes: Buffer): number | undefined {
  let at = 1
  while (at < bytes.length && (bytes[at] ?? 0) >= 0x80) at++
  const nameAt = at + 1
  if (nameAt + 2 > bytes.length) return undefined
  return bytes[nameAt + 2 + bytes.readUInt16BE(nameAt)]
}

export interface Acceptance {
  readonly version: ProtocolVersion
  readonly present: boolean
  /** The identifier that we gave to a client without one. */
  readonly assigned?: string
}

/** The CONNACK of success: the session table's word, and our limits [MQTT-3.2.2-3]. */
export function acceptance({ version, present, assigned }: Acceptance, limits: BrokerLimits): Connack {
  const announced: Properties = {
    ...(assigned === undefined ? {} : { assignedClientIdentifier: assigned }),
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.maximumPacketSize,
    topicAliasMaximum: limits.topicAliasMaximum,
  }
  return { type: 'connack', sessionPresent: present, reasonCode: 0, properties: version === 5 ? announced : {} }
}
