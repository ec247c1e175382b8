import type { Packet, ProtocolVersion, Sender } from '../wire/packet.ts'
import type { Violation } from '../wire/violation.ts'
import type { Fact } from './facts.ts'

/**
 * One packet that passed, or one that could not be read, with what it meant. The trace is made of these. Binary fields of
 * the packet may be windows on the read buffer: render them before the next read, or copy.
 */
export interface WireEvent {
  /** 1, 2, … in the order in which connections were opened. */
  readonly connection: number
  readonly sender: Sender
  /** In force when the packet passed: the same bytes read differently. */
  readonly version: ProtocolVersion
  /** Since the start of the command. */
  readonly atMicroseconds: number
  /** Since the packet before, in either direction; 0 for the first. */
  readonly sincePreviousMicroseconds: number
  /** On the wire, fixed header included. */
  readonly bytes: number
  readonly packet?: Packet
  readonly violation?: Violation
  readonly facts: readonly Fact[]
}
