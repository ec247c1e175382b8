import type { MessageSink } from '../../../connection/link/receiver.ts'
import type { PublishView } from '../../../protocol/wire/publish-view.ts'

/** Counts what a broker still keeps of these topics, when somebody subscribes anew. */
export class RetainedCheck implements MessageSink {
  readonly #topics: ReadonlySet<string>
  readonly #left = new Set<string>()
  /** Messages of whatever kind so far. */
  came = 0

  constructor(topics: ReadonlySet<string>) {
    this.#topics = topics
  }

  get left(): number {
    return this.#left.size
  }

  message(message: PublishView): boolean {
    this.came++
    const { topicBytes, topicStart, topicEnd, retain, payloadStart, payloadEnd } = message
    const topic = topicBytes.toString('utf8', topicStart, topicEnd)
    if (retain && payloadEnd > payloadStart && this.#topics.has(topic)) this.#left.add(topic)
    return true
  }

  batchEnd(written: () => void): void {
    written()
  }
}
