import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { packetLine } from '../packet-line.ts'
import type { Theme } from '../theme.ts'
import { eventText, traceLine } from '../trace-line.ts'
import { fieldRows } from './field-rows.ts'
import type { ViewStyle } from './view.ts'
import { violationLines } from './violation-lines.ts'

const offsetColumns = 7

/** One line a packet, as a trace has it, and below it what a bad one says all the same, and each rule that it breaks. */
export function linePicture(packet: InspectedPacket, style: ViewStyle): readonly string[] {
  const below = [...readAllTheSame(packet, style.theme, style.showSecrets), ...violationLines(packet, style.theme)]
  return [packetHeading(packet, style), ...below.map((line) => `    ${line}`)]
}

/** The line of a trace; where there are no times, the place among the bytes stands in front. */
export function packetHeading(packet: InspectedPacket, { theme, isTimed }: ViewStyle): string {
  if (isTimed) return traceLine(packet, theme)
  const place = theme.muted(`@${packet.streamOffset}`.padStart(offsetColumns))
  return `${place}${eventText(packet, theme, false)}`
}

/** What a packet that breaks rules says all the same; of one that ends too early, the fields that were found. */
function readAllTheSame(packet: InspectedPacket, theme: Theme, showSecrets: boolean): readonly string[] {
  const { violation, readable, version } = packet
  if (violation === undefined || packet.mayHoldOverrun) return []
  if (readable !== undefined) return [`read as ${packetLine(readable, version, theme).replace(/ +/, ' ')}`]
  const rows = fieldRows(packet, showSecrets).filter(
    ({ text, depth }) => depth === 0 && !/^(fixed header|not read)/.test(text),
  )
  return rows.length === 0 ? [] : [`read as far as ${rows.map(({ text }) => text).join(', ')}`]
}
