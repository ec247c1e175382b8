import { ReasonCode } from '../protocol/reason-code.ts'
import type { AnnotatedPacket } from '../protocol/wire/annotate-packet.ts'
import type { Field, Violation } from '../protocol/wire/violation.ts'

const message = 'no packet; perhaps what ran over the end of the CONNECT before, so its bytes are hidden'

/** A CONNECT whose length is too short ends inside its password, and the next frame begins there. */
export function isUnreadConnect({ packet, violations: [first] }: AnnotatedPacket): boolean {
  return packet === undefined && first?.packet === 'connect'
}

/** Everything in such a frame may be the password, its type and length too: only that it is malformed is kept. */
export function asOverrun({ violations: [first] }: AnnotatedPacket): AnnotatedPacket {
  const { rule = '', reasonCode = ReasonCode.malformedPacket } = first ?? {}
  return { fields: [], violations: [{ offset: 0, rule, reasonCode, message }] }
}

const mayHoldSecrets = new Set<string | undefined>(['connect', 'connack', 'auth'])

/** Whether the byte at the fault may be told: not where it may be one of a secret. */
export function isByteOpen({ packet, offset }: Violation, fields: readonly Field[]): boolean {
  if (!mayHoldSecrets.has(packet)) return true
  return fields.some(
    ({ start, end, value, secret }) => value !== undefined && secret !== true && offset >= start && offset < end,
  )
}
