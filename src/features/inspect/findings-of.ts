import { Exchanges } from './exchange.ts'
import type { Finding } from './finding.ts'
import type { InspectedPacket } from './inspected-packet.ts'
import { isShown, type PacketFilter } from './packet-filter.ts'

/** The findings in packets that are all there, as far as the filter lets them through. */
export function* findingsOf(packets: readonly InspectedPacket[], filter: PacketFilter): Generator<Finding> {
  const exchanges = new Exchanges()
  for (const packet of packets) {
    if (isShown(filter, packet)) yield { finding: 'packet', packet }
    yield* shownExchanges(exchanges.take(packet), filter)
  }
  yield* shownExchanges(exchanges.unfinished(), filter)
}

/** An exchange is shown whole when one of its packets is. */
export function shownExchanges(ended: ReturnType<Exchanges['take']>, filter: PacketFilter): readonly Finding[] {
  return ended
    .filter(({ steps }) => steps.some((step) => isShown(filter, step)))
    .map((exchange) => ({ finding: 'exchange', exchange }))
}
