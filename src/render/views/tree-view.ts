import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import type { ByteRange } from '../../protocol/wire/redact-bytes.ts'
import { fieldRows } from './field-rows.ts'
import { packetHeading } from './line-view.ts'
import type { ViewStyle } from './view.ts'
import { violationLines } from './violation-lines.ts'

const placeColumns = 11

/** Every field and property with the bytes that it has in the packet, counted from its first byte. */
export function treePicture(packet: InspectedPacket, style: ViewStyle): readonly string[] {
  const { theme, showSecrets } = style
  const rows = fieldRows(packet, showSecrets).map(
    ({ text, depth, ...range }) =>
      `    ${theme.muted(placeText(range).padEnd(placeColumns))} ${'  '.repeat(depth)}${text}`,
  )
  const broken = violationLines(packet, theme).map((line) => `    ${line}`)
  return [packetHeading(packet, style), ...rows, ...broken, '']
}

/** `4`, `4..9` both included, or `4..` for a field of no bytes. */
function placeText({ start, end }: ByteRange): string {
  if (end - start === 1) return `${start}`
  return end === start ? `${start}..` : `${start}..${end - 1}`
}
