import { topicMatches } from '../protocol/topic-filter.ts'
import type { PacketType, Sender } from '../protocol/wire/packet.ts'
import type { InspectedPacket } from './inspected-packet.ts'

/** Which packets are shown. Within one list any may match; every list that is there must. */
export interface PacketFilter {
  readonly types: readonly PacketType[]
  readonly senders: readonly Sender[]
  /** Topic filters: a publish, its acknowledgements, and what subscribes to it. */
  readonly topics: readonly string[]
  readonly packetIds: readonly number[]
  readonly clientIds: readonly string[]
}

export function isShown(filter: PacketFilter, seen: InspectedPacket): boolean {
  const type = seen.packet?.type ?? seen.violation?.packet
  return (
    any(filter.types, (wanted) => wanted === type) &&
    any(filter.senders, (wanted) => wanted === seen.sender) &&
    any(filter.packetIds, (wanted) => wanted === packetIdOf(seen)) &&
    any(filter.clientIds, (wanted) => wanted === seen.clientId) &&
    any(filter.topics, (wanted) => topicsOf(seen).some((topic) => topic === wanted || topicMatches(wanted, topic)))
  )
}

/** Whether there is anything that it may not let through. */
export function isNarrow(filter: PacketFilter): boolean {
  return Object.values(filter).some((wanted: readonly unknown[]) => wanted.length > 0)
}

function any<T>(wanted: readonly T[], matches: (value: T) => boolean): boolean {
  return wanted.length === 0 || wanted.some(matches)
}

function packetIdOf({ readable }: InspectedPacket): number | undefined {
  return readable !== undefined && 'packetId' in readable ? readable.packetId : undefined
}

/** Topics and filters that a packet is about, also by what it answers. */
function topicsOf({ readable, facts }: InspectedPacket): readonly string[] {
  const answered = facts.flatMap((fact) => {
    if ('publish' in fact) return [fact.publish.topic]
    return 'results' in fact ? fact.results.map(({ filter }) => filter) : []
  })
  return [...ownTopics(readable), ...answered]
}

function ownTopics(packet: InspectedPacket['readable']): readonly string[] {
  switch (packet?.type) {
    case 'publish':
      return [packet.topic]
    case 'subscribe':
      return packet.subscriptions.map(({ filter }) => filter)
    case 'unsubscribe':
      return packet.filters
    case 'connect':
      return packet.will === undefined ? [] : [packet.will.topic]
    default:
      return []
  }
}
