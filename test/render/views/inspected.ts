import { decodeBytes } from '../../../src/features/inspect/decode-bytes.ts'
import { findingsOf } from '../../../src/features/inspect/findings-of.ts'
import type { InspectedPacket } from '../../../src/observation/inspected-packet.ts'
import { createTheme } from '../../../src/render/theme.ts'
import { inspectView, type ViewName } from '../../../src/render/views/inspect-view.ts'

export const everyView: readonly (ViewName | 'json')[] = ['line', 'tree', 'hex', 'sequence', 'mermaid', 'json']

const everything = { types: [], senders: [], topics: [], packetIds: [], clientIds: [] }

export interface DrawOptions {
  readonly color?: boolean
  readonly showSecrets?: boolean
  readonly isTimed?: boolean
}

/** What a view prints of packets that came in this order. */
export function drawn(view: ViewName | 'json', packets: readonly InspectedPacket[], options: DrawOptions = {}): string {
  const { color = false, showSecrets = false, isTimed = false } = options
  const picture = inspectView(view, { theme: createTheme(color), isTimed, showSecrets })
  return picture.heading + [...findingsOf(packets, everything)].map((finding) => picture.draw(finding)).join('')
}

export function drawnBytes(view: ViewName | 'json', bytes: Buffer, options: DrawOptions = {}): string {
  return drawn(view, decodeBytes(bytes, {}), options)
}
