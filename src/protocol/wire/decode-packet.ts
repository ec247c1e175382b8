// Protocol: MQTT itself, without sockets, clocks or `process`; what breaks a rule is returned as data. Begin here: `wire/`
// turns bytes into packets and back, `session/` holds the rules over time (`session/conversation.ts`), and beside them are
// reason codes, properties, topics and the normative statements.

import type { DecodeContext } from './decode-context.ts'
import { FieldReader } from './field-reader.ts'
import type { Packet } from './packet.ts'
import { readPacket } from './read-packet.ts'
import type { Violation } from './violation.ts'

export type { DecodeContext } from './decode-context.ts'

/**
 * The packet in `bytes[start, end)`, or the first rule that it breaks. Payload, password, Correlation Data and
 * Authentication Data are windows on `bytes`: copy what you keep beyond the next read.
 */
export function decodePacket(bytes: Buffer, start: number, end: number, context: DecodeContext): Packet | Violation {
  const reader = new FieldReader(bytes, start, end, context)
  const packet = readPacket(reader)
  return reader.firstViolation ?? packet!
}
