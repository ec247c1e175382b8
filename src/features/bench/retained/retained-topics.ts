import { LoadTopics } from '../naming/load-topics.ts'
import type { BenchSettings } from '../settings.ts'

/** So many messages a publisher sent in all: of a topic with a number in it each has its own. */
interface Sent {
  readonly publisher: number
  readonly messages: number
}

/** Every topic that the publishers of a run published to. */
export function* retainedTopics(settings: BenchSettings, runName: string, sent: readonly Sent[]): Generator<string> {
  const topics = new LoadTopics(settings, runName)
  const seen = new Set<string>()
  for (const { publisher, messages } of sent) {
    if (messages === 0) continue
    const topicOf = topics.messageTopicsOf(publisher)
    const own = topicOf === undefined ? [topics.topicOf(publisher)] : numbered(topicOf, messages)
    for (const topic of own) {
      if (seen.has(topic)) continue // publishers may share one
      seen.add(topic)
      yield topic
    }
  }
}

function* numbered(topicOf: (sequence: number) => string, count: number): Generator<string> {
  for (let sequence = 0; sequence < count; sequence++) yield topicOf(sequence)
}
