import type { FieldLayout } from '../message-format.ts'
import type { OutputBuffer } from '../output-buffer.ts'

const space = 0x20
const zero = 0x30

/** As printf does `%s`: cut to the precision, then padded with blanks to the width. Both count bytes. */
export function appendString(text: string, layout: FieldLayout, out: OutputBuffer): void {
  const bytes = Buffer.from(text)
  const end = Math.min(bytes.length, layout.precision ?? bytes.length)
  const missing = layout.width - end
  if (!layout.leftAlign) appendRepeated(space, missing, out)
  out.appendBytes(bytes, 0, end)
  if (layout.leftAlign) appendRepeated(space, missing, out)
}

/** As printf does `%d` and `%f`: zeros go between the sign and the digits, and left alignment wins over zeros. */
export function appendNumber(digits: string, layout: FieldLayout, out: OutputBuffer): void {
  if (layout.leftAlign) out.appendText(digits.padEnd(layout.width))
  else if (!layout.zeroPad) out.appendText(digits.padStart(layout.width))
  else if (digits.startsWith('-')) out.appendText(`-${digits.slice(1).padStart(layout.width - 1, '0')}`)
  else out.appendText(digits.padStart(layout.width, '0'))
}

/** What stands for a property that is not there: its width, filled. */
export function appendBlank(layout: FieldLayout, out: OutputBuffer): void {
  appendRepeated(layout.zeroPad ? zero : space, layout.width, out)
}

/** Nothing when `count` is 0 or less. */
export function appendPadding(layout: FieldLayout, count: number, out: OutputBuffer): void {
  appendRepeated(layout.zeroPad ? zero : space, count, out)
}

export function appendSpaces(count: number, out: OutputBuffer): void {
  appendRepeated(space, count, out)
}

function appendRepeated(byte: number, count: number, out: OutputBuffer): void {
  if (count <= 0) return
  out.reserve(count)
  out.bytes.fill(byte, out.length, out.length + count)
  out.length += count
}
