import { packetIdOf, published } from '../support/messages/publisher-account.ts'
import type { CuttingProxy, RecordedPacket } from '../support/network/cutting-proxy.ts'
import { numberOf } from './numbered-lines.ts'

/** What a tap between client and broker knows of each line. */
export interface TappedLines {
  /** Carried by some connection. */
  readonly carried: ReadonlySet<number>
  /** Its last handshake came to its end on the connection that carried it. */
  readonly acknowledged: ReadonlySet<number>
  /** On more than one connection. */
  readonly sentAgain: ReadonlySet<number>
}

/** MQTT 5. A line that was sent again counts as acknowledged only when the last one to carry it was answered. */
export function tappedLines(proxy: CuttingProxy): TappedLines {
  const carried = new Set<number>()
  const acknowledged = new Set<number>()
  const sentAgain = new Set<number>()
  let underWay = new Map<number, number>()
  for (const { packets } of proxy.lines) {
    const before = underWay
    underWay = new Map()
    for (const packet of packets) {
      const line = packet.from === 'client' ? lineSent(packet, underWay, before) : lineDone(packet, underWay)
      if (line === undefined) continue
      if (packet.from === 'server') {
        acknowledged.add(line)
        underWay.delete(packetIdOf(packet))
        continue
      }
      if (carried.has(line)) sentAgain.add(line)
      carried.add(line)
      acknowledged.delete(line)
      underWay.set(packetIdOf(packet), line)
    }
  }
  return { carried, acknowledged, sentAgain }
}

type LinesById = ReadonlyMap<number, number>

/** The line that a packet carries or, as the first of a resumed session to name it, a PUBREL. */
function lineSent(packet: RecordedPacket, underWay: LinesById, before: LinesById): number | undefined {
  if (packet.type === 'publish') return numberOf(published(packet, 5).payload)
  if (packet.type !== 'pubrel' || underWay.has(packetIdOf(packet))) return undefined
  return before.get(packetIdOf(packet))
}

function lineDone(packet: RecordedPacket, underWay: LinesById): number | undefined {
  const isEnd = packet.forwarded && (packet.type === 'puback' || packet.type === 'pubcomp')
  return isEnd ? underWay.get(packetIdOf(packet)) : undefined
}

/** `17-19, 40` as numbers. */
export function numbersIn(ranges: string): Set<number> {
  const numbers = new Set<number>()
  for (const range of ranges.split(', ').filter((each) => each !== '')) {
    const [from = '', to = from] = range.split('-')
    for (let number = Number(from); number <= Number(to); number += 1) numbers.add(number)
  }
  return numbers
}
