// Render: values to text, and nothing else: no stream, no clock, no process. Begin here for packets and findings, with
// `message-writer.ts` for received messages, with `theme.ts` for colours, with `error-block.ts` for errors.

import type { Finding } from '../../observation/finding.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import type { Concealer } from '../conceal-finding.ts'
import type { Theme } from '../theme.ts'

export interface ViewStyle {
  readonly theme: Theme
  /** False for bytes that nobody timed: then places among the bytes stand where times would. */
  readonly isTimed: boolean
  readonly showSecrets: boolean
  /** For what a server repeats of our secrets; absent where there are none. */
  readonly concealer?: Concealer
}

/** A way to draw findings. Text is whole lines with their ends, or '' for what the view has no picture of. */
export interface View {
  /** Before everything else. */
  readonly heading: string
  draw(finding: Finding): string
}

/** One packet as some lines. */
type PacketPicture = (packet: InspectedPacket, style: ViewStyle) => readonly string[]

/** A view of packets alone, one below the other, as they pass. */
export function packetView(picture: PacketPicture, style: ViewStyle): View {
  return {
    heading: '',
    draw: (finding) => (finding.finding === 'packet' ? joinLines(picture(finding.packet, style)) : ''),
  }
}

export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
