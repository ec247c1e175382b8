import type { InspectedPacket, InspectedViolation } from '../../observation/inspected-packet.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'

/** Each broken rule of a packet: where, which byte, what is wrong, and what the receiver does about it. */
export function violationLines({ violations, wire }: InspectedPacket, theme: Theme): readonly string[] {
  return violations.map((violation) => theme.refused(`! ${violationText(violation, wire.length)}`))
}

function violationText(violation: InspectedViolation, packetBytes: number): string {
  const { offset, byte, rule, message } = violation
  const value = byte === undefined ? (offset >= packetBytes ? ' (the end)' : '') : ` (0x${hexByte(byte)})`
  return `byte ${offset}${value} breaks ${rule}: ${escapeForTerminal(message)}; ${answerText(violation)}`
}

/** What a conforming receiver must do: `the server closes, after DISCONNECT 0x81 Malformed Packet [MQTT-4.13.1-1]`. */
export function answerText({ answer }: InspectedViolation): string {
  const { by, packet, reasonCode, reasonName, rule } = answer
  const who = `the ${by} must close the connection ${rule}`
  if (packet === undefined || reasonCode === undefined) return `${who}, without a word`
  const name = reasonName === undefined ? '' : ` ${reasonName}`
  return `${who}, after ${packet.toUpperCase()} 0x${hexByte(reasonCode)}${name}`
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0')
}
