import type { Finding } from '../../observation/finding.ts'
import type { InspectedPacket } from '../../observation/inspected-packet.ts'

interface FindingOfClient {
  readonly finding: Finding
  readonly connection: number
  /** That of the client's first connection. */
  readonly client: number
}

/** A finding as it is drawn behind its client's number: its first connection needs no number of its own beside that. */
export function renumberFinding({ finding, connection, client }: FindingOfClient): Finding {
  if (connection !== client) return finding
  switch (finding.finding) {
    case 'packet':
      return { finding: 'packet', packet: renumbered(finding.packet) }
    case 'exchange':
      return { finding: 'exchange', exchange: { ...finding.exchange, connection: 1 } }
    case 'opening':
      return { finding: 'opening', opening: { ...finding.opening, connection: 1 } }
    default:
      return finding
  }
}

/** The fields stay where they are: a copy would find them all, and few views want them. */
function renumbered(packet: InspectedPacket): InspectedPacket {
  return {
    ...packet,
    connection: 1,
    get fields() {
      return packet.fields
    },
  }
}
