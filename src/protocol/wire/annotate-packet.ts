import type { DecodeContext } from './decode-context.ts'
import { FieldReader } from './field-reader.ts'
import type { Packet } from './packet.ts'
import { readPacket } from './read-packet.ts'
import type { Field, Violation } from './violation.ts'

export interface AnnotatedPacket {
  /**
   * Present whenever its fields could be read to the end, rules broken or not: for showing. Act on it only when there
   * are no violations. Byte values are windows on the bytes handed in.
   */
  readonly packet?: Packet
  /** In the order of the bytes, an outer span before what it holds. */
  readonly fields: readonly Field[]
  /** The first one is what `decodePacket` reports. */
  readonly violations: readonly Violation[]
}

/** Every field of the packet in `bytes[start, end)` with its place, and every rule that it breaks, as far as it can be read. */
export function annotatePacket(bytes: Buffer, start: number, end: number, context: DecodeContext): AnnotatedPacket {
  const fields: Field[] = []
  const violations: Violation[] = []
  const reader = new FieldReader(bytes, start, end, context, { fields, violations })
  const packet = readPacket(reader)
  return packet === undefined || reader.stopped ? { fields, violations } : { packet, fields, violations }
}
