import type { ViolationAnswer } from '../protocol/session/answer-to-violation.ts'
import type { WireEvent } from '../protocol/session/wire-event.ts'
import type { Packet } from '../protocol/wire/packet.ts'
import type { Field, Violation } from '../protocol/wire/violation.ts'

/** A broken rule with the byte it was found at, and what the receiver does about it. */
export interface InspectedViolation extends Violation {
  /** The value of the byte at `offset`; absent where the packet ends before it. */
  readonly byte?: number
  readonly answer: ViolationAnswer
}

/** What the bytes did not say, and was therefore assumed. */
export type Assumption = 'sender' | 'version'

/** One packet, or what should have been one, with every field and every rule that it breaks. */
export interface InspectedPacket extends WireEvent {
  /** Where it began among the bytes of its direction, or of the input where the directions are mixed. */
  readonly streamOffset: number
  readonly wire: Buffer
  readonly fields: readonly Field[]
  /** The first one is also `violation`. */
  readonly violations: readonly InspectedViolation[]
  /** Also there when rules were broken, if it could be read to its end: for showing only. */
  readonly readable?: Packet
  /** Of the client of this conversation, as far as it is known yet. */
  readonly clientId?: string
  readonly assumed: readonly Assumption[]
  /** A CONNECT of this side that could not be read came before: its password may have run over into this. */
  readonly mayHoldOverrun: boolean
  /** Where it repeats a secret that its sender was told, once that is concealed. */
  readonly repeats?: readonly { readonly start: number; readonly end: number }[]
}
