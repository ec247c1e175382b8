import type { InspectedPacket } from '../../../observation/inspected-packet.ts'
import type { TopicFigures } from './events.ts'

/** So many topics are told apart: a limit on memory, since a publisher may use a new topic each time. */
const mostTopics = 50_000
const shownTopics = 10

interface Count {
  messages: number
  payloadBytes: number
}

/** Counts the messages of each topic. */
export class TopTopics {
  readonly #counts = new Map<string, Count>()
  #beyond = 0

  take({ packet, facts, sender }: InspectedPacket): void {
    if (packet?.type !== 'publish' || sender !== 'client') return
    const topic = packet.topic === '' ? aliased(facts) : packet.topic
    const known = this.#counts.get(topic)
    if (known === undefined && this.#counts.size >= mostTopics) {
      this.#beyond++
      return
    }
    const count = known ?? { messages: 0, payloadBytes: 0 }
    if (known === undefined) this.#counts.set(topic, count)
    count.messages++
    count.payloadBytes += packet.payload.length
  }

  /** Those told apart, and messages of further ones counted as a topic each. */
  get size(): number {
    return this.#counts.size + this.#beyond
  }

  top(): readonly TopicFigures[] {
    const byMessages = [...this.#counts].sort(
      ([, a], [, b]) => b.messages - a.messages || b.payloadBytes - a.payloadBytes,
    )
    return byMessages.slice(0, shownTopics).map(([topic, count]) => ({ topic, ...count }))
  }
}

function aliased(facts: InspectedPacket['facts']): string {
  return facts.find((fact) => fact.kind === 'publish-started')?.publish.topic ?? ''
}
