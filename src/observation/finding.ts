import type { Exchange } from './exchange.ts'
import type { InspectedPacket } from './inspected-packet.ts'
import type { FirstMessage, Opening } from './opening.ts'
import type { Summary } from './summary.ts'

/** What inspecting finds, in the order in which it becomes known. A view draws those that it has a form for. */
export type Finding =
  | { readonly finding: 'packet'; readonly packet: InspectedPacket }
  | { readonly finding: 'exchange'; readonly exchange: Exchange }
  | { readonly finding: 'opening'; readonly opening: Opening }
  | { readonly finding: 'first-message'; readonly message: FirstMessage }
  | { readonly finding: 'summary'; readonly summary: Summary }
