import { ReasonCode } from '../reason-code.ts'
import { type AnnotatedPacket, annotatePacket } from './annotate-packet.ts'
import type { DecodeContext } from './decode-context.ts'
import type { Packet } from './packet.ts'
import { packetTypes } from './packet-types.ts'
import type { Violation } from './violation.ts'

// Broken rules after which every field still has its place and its meaning: who wants to can read on.

const flagsRules: ReadonlySet<string> = new Set(
  packetTypes.flatMap((form) => (form?.flags === undefined ? [] : [form.flagsRule.v5, form.flagsRule.v3])),
)
const refusalRules: ReadonlySet<string> = new Set(['[MQTT-3.4.2-1]', '[MQTT-3.5.2-1]'])

/** Flags of the fixed header that are reserved, and set otherwise. */
export function breaksFlags({ rule }: Violation): boolean {
  return flagsRules.has(rule)
}

/** A packet that breaks harmless rules alone: every field has its place and its meaning all the same. */
export function harmlessPacket(bytes: Buffer, start: number, end: number, context: DecodeContext): Packet | undefined {
  return packetIn(annotatePacket(bytes, start, end, context), bytes, start)
}

export function packetIn({ packet, violations }: AnnotatedPacket, bytes: Buffer, start: number): Packet | undefined {
  const isHarmless = (violation: Violation) => breaksFlags(violation) || isUnlistedRefusal(violation, bytes, start)
  return violations.every(isHarmless) ? packet : undefined
}

/** PUBACK or PUBREC says no with a reason code that the standard does not list there: mosquitto 2.0 says 0x95. */
export function isUnlistedRefusal({ rule, offset }: Violation, bytes: Buffer, start: number): boolean {
  return refusalRules.has(rule) && (bytes[start + offset] ?? 0) >= ReasonCode.unspecifiedError
}
