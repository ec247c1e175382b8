import { packetIdOf, published } from '../faults/publisher-account.ts'
import type { CuttingProxy, RecordedPacket } from '../support/cutting-proxy.ts'
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
      const line = packet.from === 'client' ? lineSent(packet, before) : undefined
      if (line === undefined) {
        const done = endOf(packet)
        if (done !== undefined && underWay.has(done)) acknowledged.add(underWay.get(done) as number)
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

/** The line that a packet carries or, as a PUBREL of a resumed session, carries on. */
function lineSent(packet: RecordedPacket, before: ReadonlyMap<number, number>): number | undefined {
  if (packet.type === 'publish') return numberOf(published(packet, 5).payload)
  return packet.type === 'pubrel' ? before.get(packetIdOf(packet)) : undefined
}

function endOf(packet: RecordedPacket): number | undefined {
  const isEnd = packet.from === 'server' && packet.forwarded && (packet.type === 'puback' || packet.type === 'pubcomp')
  return isEnd ? packetIdOf(packet) : undefined
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
