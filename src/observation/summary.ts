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

/** So many kinds of violation are kept apart: a limit on memory, since a peer may break rules in ever new ways. */
const mostViolationKinds = 200

/** Counts what passes. */
export class SummaryCounter {
  readonly #packets = new Map<string, PacketCount>()
  readonly #durations = new Map<string, { sender: Sender; qos: 1 | 2; durations: Durations }>()
  readonly #reasonCodes = new Map<string, ReasonCount>()
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
      packets: [...this.#packets.values()],
      ...(this.#shownPackets !== undefined && { shownPackets: this.#shownPackets }),
      handshakes: [...this.#durations.values()].map(({ sender, qos, durations }) => ({
        sender,
        qos,
        ...durations.figures(),
      })),
      unfinished: conversation === undefined ? [] : unfinishedIn(conversation, isOurs),
      reasonCodes: [...this.#reasonCodes.values()],
      violations: [...this.#violations.values()],
      otherViolations: this.#otherViolations,
    }
  }

  #countPacket({ sender, bytes, packet, violation }: InspectedPacket): void {
    const type = packet?.type ?? violation?.packet
    const key = `${sender} ${type}`
    const before = this.#packets.get(key) ?? { sender, ...(type !== undefined && { type }), packets: 0, bytes: 0 }
    this.#packets.set(key, { ...before, packets: before.packets + 1, bytes: before.bytes + bytes })
  }

  #countReason({ packet, version }: InspectedPacket, code: number): void {
    if (packet === undefined) return
    const key = `${packet.type} ${version} ${code}`
    const name = reasonCode(packet.type, version, code)?.name
    const fresh: ReasonCount = {
      packet: packet.type,
      protocolVersion: version,
      reasonCode: code,
      ...(name !== undefined && { reasonName: name }),
      count: 0,
    }
    const before = this.#reasonCodes.get(key) ?? fresh
    this.#reasonCodes.set(key, { ...before, count: before.count + 1 })
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
