import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { packetLine } from '../packet-line.ts'
import type { Theme } from '../theme.ts'
import { fieldRows } from './field-rows.ts'

/** What a packet that breaks rules says all the same; of one that ends too early, the fields that were found. */
export function readAllTheSame(packet: InspectedPacket, theme: Theme, showSecrets: boolean): readonly string[] {
  const { violation, readable, version } = packet
  if (violation === undefined || packet.mayHoldOverrun) return []
  if (readable !== undefined) return [`read as ${packetLine(readable, version, theme).replace(/ +/, ' ')}`]
  const rows = fieldRows(packet, showSecrets).filter(
    ({ text, depth }) => depth === 0 && !/^(fixed header|not read)/.test(text),
  )
  return rows.length === 0 ? [] : [`read as far as ${rows.map(({ text }) => text).join(', ')}`]
}
