import { filtersOverlap } from '../../protocol/filter-overlap.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'

/** Each is compared with each: of more filters than this only the first ones. */
const mostCompared = 100

/** At MQTT 5 a server may send a message once for each subscription that it matches, and then it is printed as often. */
export function overlapNotes(filters: readonly string[], version: ProtocolVersion | 'auto'): readonly string[] {
  if (version === 3 || version === 4) return []
  const compared = filters.slice(0, mostCompared).filter((filter) => !filter.startsWith('$share/'))
  for (const [index, one] of compared.entries()) {
    const other = compared.slice(index + 1).find((each) => filtersOverlap(one, each))
    if (other !== undefined) {
      return [`${one} and ${other} overlap: at MQTT 5 a broker may send a message once for each that it matches`]
    }
  }
  return []
}
