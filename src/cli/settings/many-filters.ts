import type { ConnectionSettings } from '../../connection/settings.ts'
import { filtersOverlap } from '../../protocol/filter-overlap.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { integer } from '../values/integer.ts'
import { type Input, read } from './input.ts'

// What more than one topic filter brings with it.

type Limited = Input<{ readonly 'filters-per-subscribe'?: string }>

/** The connection, with the most topic filters that may stand in one SUBSCRIBE. */
export function withFilterLimit(input: Limited, connection: ConnectionSettings): ConnectionSettings {
  const most = read(input, 'filters-per-subscribe', (text, flag) =>
    integer(text, flag, { minimum: 1, maximum: 65_535 }),
  )
  return most === undefined ? connection : { ...connection, filtersPerSubscribe: most }
}

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
