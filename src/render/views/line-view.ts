import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { eventText, traceLine } from '../trace-line.ts'
import { readAllTheSame } from './read-all-the-same.ts'
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
