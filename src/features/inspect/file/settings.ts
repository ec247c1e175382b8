import type { PacketFilter } from '../../../observation/packet-filter.ts'

export interface InspectFileSettings {
  readonly filter: PacketFilter
  /** Only connections with one of these ends: `10.0.0.7`, `10.0.0.7:1883`; all where there are none. */
  readonly addresses: readonly string[]
  /** The key log that opens TLS. */
  readonly keyLogPath?: string
  /** Whether the view draws exchanges. */
  readonly gathersExchanges: boolean
}
