import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { propertyByKey } from '../../protocol/properties.ts'
import { describeReason } from '../../protocol/reason-codes.ts'
import { redacted } from '../../protocol/redacted.ts'
import { type ByteRange, unreadBytes } from '../../protocol/wire/redact-bytes.ts'
import type { Field } from '../../protocol/wire/violation.ts'
import { payloadPreview } from '../payload-preview.ts'
import { quoted } from '../quoted.ts'

/** One line of a packet's tree. */
export interface FieldRow extends ByteRange {
  readonly depth: number
  readonly text: string
  /** The bytes that no other row shows: every byte of the packet is the own of exactly one row. */
  readonly own: ByteRange
}

/** The tree of a packet, in the order of its bytes, what could not be read included. */
export function fieldRows(packet: InspectedPacket, showSecrets: boolean): readonly FieldRow[] {
  const fields = [...packet.fields, ...unreadBytes(packet).map(unreadField)].sort(byStart)
  const rows: FieldRow[] = []
  const above: string[] = []
  let shown = 0
  for (const [index, field] of fields.entries()) {
    while (above.length > 0 && !field.name.startsWith(`${above.at(-1)}.`)) above.pop()
    const own = ownBytes(field, fields[index + 1], shown)
    const text = rowText(field, above.at(-1), packet, showSecrets)
    rows.push({ start: field.start, end: field.end, depth: above.length, text, own })
    shown = Math.max(shown, own.end)
    above.push(field.name)
  }
  return rows
}

const notRead = 'not read'

function unreadField({ start, end }: ByteRange): Field {
  return { name: notRead, start, end }
}

/** Stable, so that an outer span stays before what it holds. */
function byStart(one: Field, other: Field): number {
  return one.start - other.start
}

/** From where the rows above end to where the next row inside begins. Bits share their byte, and the row above has it. */
function ownBytes({ start, end }: Field, next: Field | undefined, shown: number): ByteRange {
  const from = Math.max(start, shown)
  const isSame = next !== undefined && next.start === start && next.end === end
  const to = next !== undefined && !isSame && next.start < end ? next.start : end
  return { start: from, end: Math.max(from, to) }
}

function rowText(field: Field, above: string | undefined, packet: InspectedPacket, showSecrets: boolean): string {
  const name = above === undefined ? field.name : field.name.slice(above.length + 1)
  const label = labelOf(name)
  if (field.name === notRead) return `${label}: ${field.end - field.start} B`
  if (field.secret === true && !showSecrets) return `${label}: ${redacted}`
  return field.value === undefined ? label : `${label}: ${valueText(field, packet)}`
}

/** A property by the standard's name and its identifier; other fields as words. */
function labelOf(name: string): string {
  const key = name.replace(/^(will\.)?properties\./, '')
  const property = propertyByKey(key)
  if (property !== undefined) return `${property.name} (0x${hexByte(property.id)})`
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function valueText({ name, value }: Field, packet: InspectedPacket): string {
  const type = packet.packet?.type ?? packet.violation?.packet
  if (typeof value === 'number' && type !== undefined && /^reasonCode/.test(name)) {
    return describeReason(type, packet.version, value)
  }
  if (name === 'fixed header.type') return String(value).toUpperCase()
  if (/flags$/i.test(name) || /options$/.test(name)) return `0x${hexByte(Number(value))}`
  if (value instanceof Uint8Array) return payloadPreview(value)
  if (Array.isArray(value)) return value.map((text) => quoted(String(text))).join(':')
  return typeof value === 'string' ? quoted(value) : String(value)
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0')
}
