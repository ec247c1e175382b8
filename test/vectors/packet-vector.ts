import type { Packet, ProtocolVersion, Sender } from '../../src/protocol/wire/packet.ts'

/** One packet as it is on the wire, written by hand, and what it means. */
export interface PacketVector {
  readonly name: string
  readonly version: ProtocolVersion
  readonly sender: Sender
  readonly hex: string
  readonly packet: Packet
  /** False where the standard allows a shorter or tidier form of the same packet. */
  readonly canonical?: false
}
