import { ReasonCode } from '../../protocol/reason-code.ts'
import { decodePacket } from '../../protocol/wire/decode-packet.ts'
import { breaksFlags, isUnlistedRefusal } from '../../protocol/wire/harmless.ts'
import type { Packet, ProtocolVersion } from '../../protocol/wire/packet.ts'
import { fixedFlags } from '../../protocol/wire/packet-types.ts'
import { isViolation, type Violation } from '../../protocol/wire/violation.ts'

/** A packet that breaks a harmless rule, read as if it did not. */
interface Tolerated {
  readonly packet: Packet
  /** The packet as it should have been. */
  readonly wire: Buffer
}

/** The same packet with the flags that its type must have; undefined where the flags are not what is wrong with it. */
export function withoutReservedFlags(
  violation: Violation,
  bytes: Buffer,
  start: number,
  end: number,
  version: ProtocolVersion,
): Tolerated | Violation | undefined {
  if (violation.packet === undefined || !breaksFlags(violation)) return undefined
  const wire = Buffer.from(bytes.subarray(start, end))
  wire[0] = ((wire[0] as number) & 0xf0) | fixedFlags(violation.packet)
  const packet = decodePacket(wire, 0, wire.length, { version, sender: 'server' })
  return isViolation(packet) ? packet : { packet, wire }
}

/** A refusal by a reason code that is not one of this packet is a refusal all the same, and keeps its code. */
export function unlistedRefusal(
  violation: Violation,
  bytes: Buffer,
  start: number,
  end: number,
  version: ProtocolVersion,
): Packet | Violation | undefined {
  if (!isUnlistedRefusal(violation, bytes, start)) return undefined
  const wire = Buffer.from(bytes.subarray(start, end))
  const reasonCode = wire[violation.offset] as number
  wire[violation.offset] = ReasonCode.unspecifiedError
  const packet = decodePacket(wire, 0, wire.length, { version, sender: 'server' })
  return isViolation(packet) ? packet : ({ ...packet, reasonCode } as Packet)
}
