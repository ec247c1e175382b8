import { isFailure, ReasonCode } from '../../protocol/reason-code.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'

/** Nothing of ours waits under the packet identifier of an acknowledgement. */
export const unused = 'unused'

const pubrelByte = 0x62

/**
 * What answers a PUBREC that names no publish of ours: PUBREL, which ends the server's half, at MQTT 5 with the reason.
 * Nothing where the PUBREC says no, and the handshake is over.
 */
export function answerToUnusedPubrec(
  packetId: number,
  reasonCode: number,
  version: ProtocolVersion,
): Buffer | undefined {
  if (isFailure(reasonCode)) return undefined
  const identifier = [packetId >> 8, packetId & 0xff]
  return version < 5
    ? Buffer.from([pubrelByte, 2, ...identifier])
    : Buffer.from([pubrelByte, 3, ...identifier, ReasonCode.packetIdentifierNotFound])
}
