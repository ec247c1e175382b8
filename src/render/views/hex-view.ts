import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { type ByteRange, isRedacted, redactedRanges } from '../../protocol/wire/redact-bytes.ts'
import type { Theme } from '../theme.ts'
import { type FieldRow, fieldRows } from './field-rows.ts'
import { packetHeading } from './line-view.ts'
import type { ViewStyle } from './view.ts'
import { violationLines } from './violation-lines.ts'

const bytesPerLine = 8
const hexColumns = bytesPerLine * 3 - 1
/** Of one field; what is longer is a payload, and `--json` has it whole. */
const mostLinesPerField = 64

/** The tree beside the bytes: each field's own, in the colour of its line. A redacted byte is `**`. */
export function hexPicture(packet: InspectedPacket, style: ViewStyle): readonly string[] {
  const { theme, showSecrets } = style
  const redacted = showSecrets ? [] : redactedRanges(packet)
  const lines = fieldRows(packet, showSecrets).flatMap((row, index) =>
    rowLines(row, packet.wire, redacted, paintOf(theme, index), theme),
  )
  const broken = violationLines(packet, theme).map((line) => `    ${line}`)
  return [packetHeading(packet, style), ...lines, ...broken, '']
}

type Paint = Theme['muted']

function paintOf({ spans }: Theme, index: number): Paint {
  return spans[index % spans.length] ?? spans[0]
}

function rowLines(
  { own, depth, text }: FieldRow,
  wire: Buffer,
  redacted: readonly ByteRange[],
  paint: Paint,
  theme: Theme,
): readonly string[] {
  const label = `${'  '.repeat(depth)}${paint(text)}`
  const count = Math.max(1, Math.ceil((own.end - own.start) / bytesPerLine))
  const shown = Math.min(count, mostLinesPerField)
  const lines = Array.from({ length: shown }, (_, index) => {
    const start = own.start + index * bytesPerLine
    const range = { start, end: Math.min(own.end, start + bytesPerLine) }
    return `    ${dumpText(range, wire, redacted, paint, theme)}  ${index === 0 ? label : ''}`.trimEnd()
  })
  const left = own.end - own.start - shown * bytesPerLine
  return left > 0 ? [...lines, `    ${theme.muted(`… ${left} B more`)}`] : lines
}

/** `  12  61 2f 62                 a/b     `; blank for a row without bytes of its own. */
function dumpText(
  { start, end }: ByteRange,
  wire: Buffer,
  redacted: readonly ByteRange[],
  paint: Paint,
  theme: Theme,
): string {
  if (start === end) return ' '.repeat(5 + 2 + hexColumns + 2 + bytesPerLine)
  const offsets = Array.from({ length: end - start }, (_, index) => start + index)
  const hex = offsets.map((at) => (isRedacted(redacted, at) ? '**' : hexByte(wire[at] ?? 0))).join(' ')
  const text = offsets.map((at) => (isRedacted(redacted, at) ? '*' : printable(wire[at] ?? 0))).join('')
  return `${theme.muted(`${start}`.padStart(5))}  ${paint(hex.padEnd(hexColumns))}  ${theme.muted(text.padEnd(bytesPerLine))}`
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

/** ASCII that a terminal draws and does not obey. */
function printable(value: number): string {
  return value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '.'
}
