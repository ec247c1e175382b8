import { MqttCliError } from '../../errors.ts'
import { topicFilterProblem } from '../../protocol/topic-filter.ts'
import { type TopicProblem, topicNameProblem } from '../../protocol/topic-name.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { wasUtf8 } from './valid-text.ts'

/** A topic to publish to. What is wrong is found here, before anything is sent. */
export function topicName(text: string, flag: string, version: ProtocolVersion | 'auto'): string {
  const problem = topicNameProblem(wasUtf8(text, flag), version === 'auto' ? 5 : version)
  if (problem !== undefined) throw topicError(text, flag, problem, 'publish to one topic: + and # are for subscribing')
  return text
}

/** A topic filter to subscribe to, unsubscribe from, or leave out. */
export function topicFilter(text: string, flag: string, version: ProtocolVersion | 'auto'): string {
  const problem = topicFilterProblem(wasUtf8(text, flag), version === 'auto' ? 5 : version)
  if (problem !== undefined) throw topicError(text, flag, problem, "write filters like 'home/+/door' or 'home/#'")
  return text
}

function topicError(text: string, flag: string, problem: TopicProblem, advice: string): MqttCliError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text
  return new MqttCliError('usage', `${flag}: ${problem.message}`, {
    layer: 'command line',
    statement: problem.rule,
    tries: [advice],
    facts: { topic: shown },
  })
}
