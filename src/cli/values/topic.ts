import { MqttCliError } from '../../errors.ts'
import { topicFilterProblem } from '../../protocol/topic-filter.ts'
import { type TopicProblem, topicNameProblem } from '../../protocol/topic-name.ts'
import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { maskUserInformation } from './broker-url.ts'
import { wasUtf8 } from './valid-text.ts'

/** A word that stands where a topic does. A URL there would tell its password to another broker, as the name of a topic. */
export function topicWord(text: string, word: string): string {
  if (!/^(mqtts?|tcp|ssl|tls|wss?|unix):\/\//i.test(text)) return text
  throw usageError(
    `${word} is a broker’s URL (its text is not shown: it may hold a password)`,
    'name the broker with -L, or a topic like that with -t',
  )
}

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
  const safe = maskUserInformation(text)
  const shown = safe.length > 100 ? `${safe.slice(0, 100)}…` : safe
  return new MqttCliError('usage', `${flag}: ${problem.message}`, {
    layer: 'command line',
    statement: problem.rule,
    tries: [advice],
    facts: { topic: shown },
  })
}
