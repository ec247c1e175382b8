import { ReasonCode } from '../reason-code.ts'
import type { Connack, Packet, ProtocolVersion, Suback, Unsuback } from '../wire/packet.ts'
import type { Violation } from '../wire/violation.ts'
import {
  codeForEachFilter,
  codeForEachUnsubscribe,
  connackComesFirst,
  disconnectBeforeConnack,
  identifierOfPublish,
  identifierOfRequest,
  identifierOfSuback,
  identifierOfUnsuback,
  secondConnack,
  serverAuthUnasked,
  sessionAfterCleanStart,
  sessionNeverHad,
} from './order-rules.ts'
import type { Rule } from './violated.ts'

const connackByte = 0x20
const authByte = 0xf0
const mostShownBytes = 40

// For a client that is connected: what its server may not say at this point, though each packet is well formed.

export function beforeConnack(packet: Packet['type'], version: ProtocolVersion): Violation {
  return broken(packet, version, packet === 'disconnect' ? disconnectBeforeConnack : connackComesFirst)
}

/** What began to come as the first packet and never can be one. A CONNACK, or AUTH on the way to it, begins otherwise. */
export function noServersBytes(bytes: Buffer, version: ProtocolVersion): Violation | undefined {
  const [firstByte = connackByte] = bytes
  if (firstByte === connackByte || (firstByte === authByte && version === 5)) return undefined
  const message = `the first bytes are ${describeBytes(bytes)}, where CONNACK begins with 0x20` // they are no packet to name
  const { packet: _, ...violation } = broken('connack', version, { ...connackComesFirst, message })
  return violation
}

function describeBytes(bytes: Buffer): string {
  const [line = ''] = bytes.toString('latin1', 0, mostShownBytes).split(/[\r\n]/)
  return /^[ -~]{2,}$/.test(line) ? `the text “${line}”` : `0x${bytes.toString('hex', 0, 4)}`
}

export function connackAgain(version: ProtocolVersion): Violation {
  return broken('connack', version, secondConnack)
}

/** An older server may say no to MQTT 5 in its own words, but not yes: what follows would be read as another version. */
export function acceptedInOldForm(): Violation {
  const message = 'a CONNACK of 3.1.1 accepts a CONNECT of MQTT 5'
  return { packet: 'connack', offset: 4, rule: '[MQTT-2.2.2-1]', reasonCode: ReasonCode.malformedPacket, message }
}

export function authUnasked(): Violation {
  return broken('auth', 5, serverAuthUnasked)
}

/** An acknowledgement of a publish under the identifier of a request, or the reverse: it says which, since both are known. */
export function answersOther(packet: Packet['type'], packetId: number, version: ProtocolVersion): Violation {
  const isRequest = packet === 'suback' || packet === 'unsuback'
  const other = isRequest ? 'a publish' : 'a request'
  const message = `packet identifier ${packetId} is that of ${other}, which ${packet.toUpperCase()} does not answer`
  return { ...broken(packet, version, isRequest ? identifierOfRequest : identifierOfPublish), message, offset: 2 }
}

/** An answer to the other kind of request. */
export function otherAnswer({ type, packetId }: Suback | Unsuback, version: ProtocolVersion): Violation {
  const message = `${type.toUpperCase()} for packet identifier ${packetId}, which waits for another answer`
  return { ...broken(type, version, type === 'suback' ? identifierOfSuback : identifierOfUnsuback), message, offset: 2 }
}

/** As many reason codes as topic filters: it says how many there are. */
export function wrongCount(answer: Suback | Unsuback, filters: number, version: ProtocolVersion): Violation {
  const { type, reasonCodes } = answer
  const message = `${reasonCodes.length} reason codes for ${filters} topic filters`
  const rule = type === 'suback' ? codeForEachFilter : codeForEachUnsubscribe
  return { ...broken(type, version, rule), message, offset: 4 }
}

/** What CONNECT said of a session. */
interface SessionAsked {
  readonly version: ProtocolVersion
  readonly cleanStart: boolean
  /** Whether there can be one: of the user's, or one that we began. */
  readonly mayResume: boolean
}

/** Session Present where there can be no session: after a clean start, or before we ever had one. */
export function unexpectedSession({ sessionPresent }: Connack, asked: SessionAsked): Violation | undefined {
  if (!sessionPresent) return undefined
  if (asked.cleanStart) return broken('connack', asked.version, sessionAfterCleanStart)
  return asked.mayResume ? undefined : broken('connack', asked.version, sessionNeverHad)
}

function broken(packet: Packet['type'], version: ProtocolVersion, { five, below, message }: Rule): Violation {
  const rule = version === 5 ? five : (below ?? five)
  return { packet, offset: 0, rule, reasonCode: ReasonCode.protocolError, message }
}
