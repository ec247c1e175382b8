import { ReasonCode } from '../protocol/reason-code.ts'
import type { Connack, Packet, ProtocolVersion } from '../protocol/wire/packet.ts'
import type { Violation } from '../protocol/wire/violation.ts'
import type { ConnectRequest } from './driver/session-driver.ts'

const connackByte = 0x20
const authByte = 0xf0
const mostShownBytes = 40

// What a server may not say at this point of a connection, though each packet is well formed.

export function beforeConnack(packet: Packet['type'], version: ProtocolVersion): Violation {
  const rule = version === 5 ? '[MQTT-3.2.0-1]' : '[MQTT-3.1.1:3.2.0-1]'
  return broken(packet, rule, `${packet.toUpperCase()} before CONNACK`)
}

/** What began to come as the first packet and never can be one. A CONNACK, or AUTH on the way to it, begins otherwise. */
export function noServersBytes(bytes: Buffer, version: ProtocolVersion): Violation | undefined {
  const [firstByte = connackByte] = bytes
  if (firstByte === connackByte || (firstByte === authByte && version === 5)) return undefined
  const rule = version === 5 ? '[MQTT-3.2.0-1]' : '[MQTT-3.1.1:3.2.0-1]'
  const message = `the first bytes are ${describeBytes(bytes)}, where CONNACK begins with 0x20`
  return { offset: 0, rule, reasonCode: ReasonCode.protocolError, message }
}

function describeBytes(bytes: Buffer): string {
  const [line = ''] = bytes.toString('latin1', 0, mostShownBytes).split(/[\r\n]/)
  return /^[ -~]{2,}$/.test(line) ? `the text “${line}”` : `0x${bytes.toString('hex', 0, 4)}`
}

export function secondConnack(version: ProtocolVersion): Violation {
  return broken('connack', version === 5 ? '[MQTT-3.2.0-2]' : '[MQTT3.1.1 §3.2]', 'a second CONNACK')
}

/** An older server may say no to MQTT 5 in its own words, but not yes: what follows would be read as another version. */
export function acceptedInOldForm(): Violation {
  const message = 'a CONNACK of 3.1.1 accepts a CONNECT of MQTT 5'
  return { packet: 'connack', offset: 4, rule: '[MQTT-2.2.2-1]', reasonCode: ReasonCode.malformedPacket, message }
}

export function authUnasked(): Violation {
  return broken('auth', '[MQTT-4.12.0-6]', 'AUTH without an Authentication Method in CONNECT')
}

/** An acknowledgement of a publish under the identifier of a request, or the reverse. */
export function answersOther(packet: Packet['type'], packetId: number, version: ProtocolVersion): Violation {
  const isRequest = packet === 'suback' || packet === 'unsuback'
  const [five, below] = isRequest ? ['[MQTT-2.2.1-6]', '2.3.1-7'] : ['[MQTT-2.2.1-5]', '2.3.1-6']
  const other = isRequest ? 'a publish' : 'a request'
  const message = `packet identifier ${packetId} is that of ${other}, which ${packet.toUpperCase()} does not answer`
  return { ...broken(packet, version === 5 ? five : `[MQTT-3.1.1:${below}]`, message), offset: 2 }
}

/** Session Present where there can be no session: after a clean start, or before we ever had one. */
export function unexpectedSession({ sessionPresent }: Connack, request: ConnectRequest): Violation | undefined {
  if (!sessionPresent) return undefined
  const isFive = request.version === 5
  if (request.cleanStart) {
    const rule = isFive ? '[MQTT-3.2.2-2]' : '[MQTT-3.1.1:3.2.2-1]'
    return broken('connack', rule, 'Session Present after a clean start')
  }
  if (request.mayResume) return undefined
  const rule = isFive ? '[MQTT-3.2.2-4]' : '[MQTT-3.1.1:3.2.2-2]'
  return broken('connack', rule, 'Session Present for a session that we never had')
}

function broken(packet: Packet['type'], rule: string, message: string): Violation {
  return { packet, offset: 0, rule, reasonCode: ReasonCode.protocolError, message }
}
