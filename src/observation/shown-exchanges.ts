import type { Exchanges } from './exchange.ts'
import type { Finding } from './finding.ts'
import { isShown, type PacketFilter } from './packet-filter.ts'

/** An exchange is shown whole when one of its packets is. */
export function shownExchanges(ended: ReturnType<Exchanges['take']>, filter: PacketFilter): readonly Finding[] {
  return ended
    .filter(({ steps }) => steps.some((step) => isShown(filter, step)))
    .map((exchange) => ({ finding: 'exchange', exchange }))
}
