import type { InspectedPacket } from '../../../observation/inspected-packet.ts'
import { isShown, type PacketFilter } from '../../../observation/packet-filter.ts'
import { isWholePacket } from '../../../protocol/wire/fixed-header.ts'
import type { Sender } from '../../../protocol/wire/packet.ts'
import { derivedSeed, type Random, seededRandom } from '../../../seeded-random.ts'
import type { FaultEffect, FaultRule, FaultTarget } from '../settings.ts'
import type { FaultCounter } from './fault-counter.ts'

interface PlannedRule {
  readonly rule: FaultRule
  readonly filter: PacketFilter
  readonly random: Readonly<Record<Sender, Random>>
  seen: number
}

/** Which faults befall which packets of one connection. The same packets and the same seed give the same faults. */
export class FaultPlan {
  readonly #rules: readonly PlannedRule[]
  readonly #counter: FaultCounter | undefined
  /** For what an effect leaves open: which byte, which bit. */
  readonly random: Random

  constructor(rules: readonly FaultRule[], seed: number, connection: number, counter?: FaultCounter) {
    this.#counter = counter
    this.random = seededRandom(derivedSeed(seed, connection))
    this.#rules = rules.map((rule, index) => ({
      rule,
      filter: filterOf(rule.target),
      // One for each side: how the two directions interleave differs from run to run.
      random: {
        client: seededRandom(derivedSeed(seed, connection, index, 0)),
        server: seededRandom(derivedSeed(seed, connection, index, 1)),
      },
      seen: 0,
    }))
  }

  effectsOn(packet: InspectedPacket): readonly FaultEffect[] {
    if (!isWholePacket(packet.wire)) return [] // the end of what was cut off, or of what is no MQTT
    const befalling = this.#rules.filter((planned, index) => {
      if (!isShown(planned.filter, packet)) return false
      this.#counter?.matched(index)
      return isChosen(planned, packet.sender)
    })
    return befalling.map(({ rule }) => rule.effect)
  }
}

function filterOf({ types, topics, sender }: FaultTarget): PacketFilter {
  return { types, topics, senders: sender === undefined ? [] : [sender], packetIds: [], clientIds: [] }
}

/** Of the packets that the rule is about. */
function isChosen(planned: PlannedRule, sender: Sender): boolean {
  const { which } = planned.rule.target
  planned.seen++
  if (which.share === 'nth') return planned.seen === which.nth
  return which.share === 'all' || planned.random[sender]() < which.probability
}
