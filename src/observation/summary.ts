import { reasonCode, reasonCodesOf } from '../protocol/reason-codes.ts'
import type { Conversation, Handshake } from '../protocol/session/conversation-state.ts'
import type { Fact, PublishReference } from '../protocol/session/facts.ts'
import { entriesOf } from '../protocol/session/packet-id-map.ts'
import type { PacketType, ProtocolVersion, Sender } from '../protocol/wire/packet.ts'
import { type DurationFigures, Durations } from './durations.ts'
import type { InspectedPacket } from './inspected-packet.ts'
import { isNarrow, type PacketFilter } from './packet-filter.ts'

interface PacketCount {
  readonly sender: Sender
  /** Absent for bytes that are no packet. */
  readonly type?: PacketType
  readonly packets: number
  readonly bytes: number
}

/** QoS 1 and 2 publishes of one side that came to their end. */
interface HandshakeFigures extends DurationFigures {
  readonly sender: Sender
  readonly qos: 1 | 2
}

interface UnfinishedHandshake {
  readonly publish: PublishReference
  /** What has not come. */
  readonly awaits: PacketType
}

interface ReasonCount {
  readonly packet: PacketType
  readonly protocolVersion: ProtocolVersion
  readonly reasonCode: number
  readonly reasonName?: string
  readonly count: number
}

interface ViolationCount {
  readonly by: Sender
  readonly rule: string
  readonly message: string
  readonly count: number
}

/** Everything that passed, counted, whatever a filter shows of it. */
export interface Summary {
  readonly packets: readonly PacketCount[]
  /** How many of them a filter let through; absent where there was none. */
  readonly shownPackets?: number
  readonly handshakes: readonly HandshakeFigures[]
  readonly unfinished: readonly UnfinishedHandshake[]
  readonly reasonCodes: readonly ReasonCount[]
  readonly violations: readonly ViolationCount[]
  /** Further kinds of violation that were not kept apart. */
  readonly otherViolations: number
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] }

/** So many kinds of violation are kept apart: a limit on memory, since a peer may break rules in ever new ways. */
const mostViolationKinds = 200

/** Counts what passes. */
export class SummaryCounter {
  /** In the order in which they first came; changed in place, since there may be 100,000 packets a second. */
  readonly #packets: Changing<PacketCount>[] = []
  readonly #packetsOf: Record<Sender, Map<PacketType | undefined, Changing<PacketCount>>> = {
    client: new Map(),
    server: new Map(),
  }
  readonly #durations = new Map<string, { sender: Sender; qos: 1 | 2; durations: Durations }>()
  readonly #reasonCodes = new Map<string, Changing<ReasonCount>>()
  readonly #violations = new Map<string, ViolationCount>()
  #otherViolations = 0
  #shownPackets: number | undefined

  /** `filter`: what is shown of it; everything is counted. */
  constructor(filter?: PacketFilter) {
    if (filter !== undefined && isNarrow(filter)) this.#shownPackets = 0
  }

  /** `isAbandoned`: we ended the connection, so that a packet without its end is no violation. */
  take(packet: InspectedPacket, isShown = true, isAbandoned = false): void {
    this.#countPacket(packet)
    if (isShown && this.#shownPackets !== undefined) this.#shownPackets++
    for (const code of reasonCodesIn(packet)) this.#countReason(packet, code)
    const broken = isAbandoned ? [] : packet.violations
    for (const { rule, message } of broken) this.#countViolation(packet.sender, rule, message)
    for (const fact of packet.facts) this.#countFact(fact)
  }

  /** `isOurs`: the client is this program, and left by its own wish: what it did not acknowledge any more is no finding. */
  summary(conversation: Conversation | undefined, isOurs = false): Summary {
    return {
      packets: this.#packets.map((count) => ({ ...count })),
      ...(this.#shownPackets !== undefined && { shownPackets: this.#shownPackets }),
      handshakes: [...this.#durations.values()].map(({ sender, qos, durations }) => ({
        sender,
        qos,
        ...durations.figures(),
      })),
      unfinished: conversation === undefined ? [] : unfinishedIn(conversation, isOurs),
      reasonCodes: [...this.#reasonCodes.values()].map((count) => ({ ...count })),
      violations: [...this.#violations.values()],
      otherViolations: this.#otherViolations,
    }
  }

  #countPacket({ sender, bytes, packet, violation }: InspectedPacket): void {
    const type = packet?.type ?? violation?.packet
    let count = this.#packetsOf[sender].get(type)
    if (count === undefined) {
      count = { sender, ...(type !== undefined && { type }), packets: 0, bytes: 0 }
      this.#packets.push(count)
      this.#packetsOf[sender].set(type, count)
    }
    count.packets++
    count.bytes += bytes
  }

  #countReason({ packet, version }: InspectedPacket, code: number): void {
    if (packet === undefined) return
    const key = `${packet.type} ${version} ${code}`
    let count = this.#reasonCodes.get(key)
    if (count === undefined) {
      const name = reasonCode(packet.type, version, code)?.name
      const named = name === undefined ? {} : { reasonName: name }
      count = { packet: packet.type, protocolVersion: version, reasonCode: code, ...named, count: 0 }
      this.#reasonCodes.set(key, count)
    }
    count.count++
  }

  #countFact(fact: Fact): void {
    if (fact.kind === 'publish-completed') this.#countHandshake(fact.publish, fact.elapsedMicroseconds)
    if (fact.kind === 'statement-violated' || fact.kind === 'limit-exceeded') {
      this.#countViolation(fact.by, fact.rule, fact.message)
    }
  }

  #countHandshake({ sender, qos }: PublishReference, elapsedMicroseconds: number): void {
    if (qos === 0) return
    const key = `${sender} ${qos}`
    const entry = this.#durations.get(key) ?? { sender, qos, durations: new Durations() }
    this.#durations.set(key, entry)
    entry.durations.add(elapsedMicroseconds)
  }

  #countViolation(by: Sender, rule: string, message: string): void {
    const key = `${by} ${rule} ${message}`
    const before = this.#violations.get(key)
    if (before === undefined && this.#violations.size >= mostViolationKinds) this.#otherViolations++
    else this.#violations.set(key, { by, rule, message, count: (before?.count ?? 0) + 1 })
  }
}

/** Below MQTT 5 most packets carry none. */
function reasonCodesIn({ packet, version }: InspectedPacket): readonly number[] {
  if (packet === undefined || reasonCodesOf(packet.type, version).size === 0) return []
  if ('reasonCodes' in packet) return packet.reasonCodes
  return 'reasonCode' in packet ? [packet.reasonCode] : []
}

function unfinishedIn({ client, server }: Conversation, isOurs: boolean): readonly UnfinishedHandshake[] {
  const ofServer = [...entriesOf(server.inFlight)].filter(({ awaits }) => !isOurs || awaits === 'pubrel')
  const handshakes: Handshake[] = [...entriesOf(client.inFlight), ...ofServer]
  return handshakes.map(({ publish, awaits }) => ({ publish, awaits }))
}
