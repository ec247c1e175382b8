import type { PacketType } from './packet.ts'
import type { Field, Violation } from './violation.ts'

/** What must be known of a packet to hide what is secret in it. */
export interface RedactablePacket {
  readonly wire: Buffer
  readonly fields: readonly Field[]
  readonly packet?: { readonly type: PacketType }
  readonly violation?: Violation
  readonly violations: readonly Violation[]
  /** A CONNECT of the same side that could not be read came before: its password may have run over into this. */
  readonly mayHoldOverrun: boolean
  /** Where a server repeats a secret that it was told. */
  readonly repeats?: readonly ByteRange[]
}

/** Bytes of a packet, from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Packets that may hold a password or authentication data, also in a part that could not be read. */
const mayHoldSecrets = new Set<string | undefined>(['connect', 'connack', 'auth'])

/** A CONNECT that something else has swallowed shows by its protocol name. */
const connectMarks = [Buffer.from('\0\x04MQTT'), Buffer.from('\0\x06MQIsdp')]

/** What must not be shown: secrets, and what may be one because it could not be read. */
export function redactedRanges(packet: RedactablePacket): readonly ByteRange[] {
  if (packet.mayHoldOverrun) return [{ start: 0, end: packet.wire.length }]
  const isSuspect = mayHoldSecrets.has(packet.packet?.type ?? packet.violation?.packet)
  const repeats = packet.repeats ?? []
  if (!isSuspect && packet.violations.length === 0) return repeats // read to its end, and no field of it can be one
  const secrets = packet.fields.filter(({ secret }) => secret === true)
  const unread = unreadBytes(packet).filter((range) => isSuspect || holdsConnect(packet.wire, range))
  return [...secrets, ...unread, ...repeats]
}

/** What belongs to no field, in order. */
export function unreadBytes({ fields, wire }: Pick<RedactablePacket, 'fields' | 'wire'>): readonly ByteRange[] {
  const gaps: ByteRange[] = []
  let read = 0
  for (const [index, { name, start, end }] of fields.entries()) {
    if (fields[index + 1]?.name.startsWith(`${name}.`)) continue // it covers also what could not be read in it
    if (start > read) gaps.push({ start: read, end: start })
    read = Math.max(read, end)
  }
  return read < wire.length ? [...gaps, { start: read, end: wire.length }] : gaps
}

function holdsConnect(wire: Buffer, { start, end }: ByteRange): boolean {
  const bytes = wire.subarray(start, end)
  return connectMarks.some((mark) => bytes.includes(mark))
}

export function isRedacted(redacted: readonly ByteRange[], offset: number): boolean {
  return redacted.some(({ start, end }) => offset >= start && offset < end)
}
