import { type MemoryBudget, retainedShare } from '../memory/memory-budget.ts'
import type { Message } from './message.ts'
import { eachTopicFor, entryBytes, TopicTree } from './topic-tree.ts'

/** The last retained message of each topic. */
export class RetainedMessages {
  readonly #tree = new TopicTree<Message>()
  readonly #budget: MemoryBudget
  #bytes = 0
  #messages = 0

  constructor(budget: MemoryBudget) {
    this.#budget = budget
  }

  get count(): number {
    return this.#messages
  }

  /** Keeps a message for who subscribes later; an empty one deletes [MQTT-3.3.1-6]. False when there is no room. */
  keep(message: Message): boolean {
    const before = this.#tree.get(message.topic)
    if (message.payload.length === 0) {
      if (before !== undefined) this.#forget(before) // and one of no byte is not kept itself [MQTT-3.3.1-7]
      return true
    }
    if (!this.#hasRoom(message, before)) return false
    this.#count(message, 1)
    if (before !== undefined) this.#count(before, -1)
    this.#tree.set(message.topic, message)
    return true
  }

  /** What this filter matches, a step at a time; `undefined` is a step that found nothing. */
  *matching(filter: string): Generator<Message | undefined> {
    for (const message of eachTopicFor(this.#tree, filter)) {
      if (message?.isExpired === true)
        this.#forget(message) // [MQTT-3.3.2-5]
      else yield message
    }
  }

  #hasRoom(message: Message, before: Message | undefined): boolean {
    const more = message.bytes + entryBytes(message.topic)
    const less = before === undefined ? 0 : before.bytes + entryBytes(before.topic)
    if (more <= less) return true
    return (
      this.#bytes + more - less <= this.#budget.limitBytes * retainedShare &&
      this.#budget.hasRoom(more - less, this.#bytes)
    )
  }

  #forget(message: Message): void {
    if (this.#tree.get(message.topic) !== message) return
    this.#tree.delete(message.topic)
    this.#count(message, -1)
  }

  #count(message: Message, sign: 1 | -1): void {
    const entry = entryBytes(message.topic)
    if (sign === 1) message.hold(this.#budget)
    else message.release(this.#budget)
    this.#budget.take(sign * entry)
    this.#bytes += sign * (message.bytes + entry)
    this.#messages += sign
  }
}
