import { Exchanges } from '../../observation/exchange.ts'
import type { Finding } from '../../observation/finding.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'
import { isShown, type PacketFilter } from '../../observation/packet-filter.ts'
import { shownExchanges } from '../../observation/shown-exchanges.ts'

/** The findings in packets that are all there, as far as the filter lets them through. */
export function* findingsOf(packets: readonly InspectedPacket[], filter: PacketFilter): Generator<Finding> {
  const exchanges = new Exchanges()
  for (const packet of packets) {
    if (isShown(filter, packet)) yield { finding: 'packet', packet }
    yield* shownExchanges(exchanges.take(packet), filter)
  }
  yield* shownExchanges(exchanges.unfinished(), filter)
}
