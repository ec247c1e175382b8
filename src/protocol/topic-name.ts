import type { ProtocolVersion } from './wire/packet.ts'

/** The rule that a topic breaks, and one sentence on how. Data: the decoder, the flags and `inspect` each say it their way. */
export interface TopicProblem {
  readonly rule: string
  readonly message: string
}

const maximumTopicBytes = 65_535
const loneSurrogate = /\p{Surrogate}/u // with the u flag a well-paired surrogate is one code point and does not match

/** What is wrong with this topic name, if anything. An empty topic is a problem here; with an alias the caller skips us. */
export function topicNameProblem(topic: string, version: ProtocolVersion = 5): TopicProblem | undefined {
  const problem = topicTextProblem(topic, 'topic name', version)
  if (problem !== undefined) return problem
  const wildcard = topic.includes('#') ? '#' : topic.includes('+') ? '+' : undefined
  if (wildcard === undefined) return undefined
  return {
    rule: version === 5 ? '[MQTT-3.3.2-2]' : '[MQTT-3.1.1:3.3.2-2]',
    message: `the topic name contains the wildcard ${wildcard}, which only a topic filter may`,
  }
}

/** What topic names and topic filters have in common: not empty, UTF-8, no NUL, a length that fits two bytes. */
export function topicTextProblem(text: string, what: string, version: ProtocolVersion): TopicProblem | undefined {
  const is5 = version === 5
  if (text === '') return { rule: is5 ? '[MQTT-4.7.3-1]' : '[MQTT-3.1.1:4.7.3-1]', message: `the ${what} is empty` }
  if (text.includes('\0')) {
    return {
      rule: is5 ? '[MQTT-4.7.3-2]' : '[MQTT-3.1.1:4.7.3-2]',
      message: `the ${what} contains the null character`,
    }
  }
  if (loneSurrogate.test(text)) {
    return {
      rule: is5 ? '[MQTT-1.5.4-1]' : '[MQTT-3.1.1:1.5.3-1]',
      message: `the ${what} contains half a surrogate pair, which UTF-8 cannot carry`,
    }
  }
  const bytes = Buffer.byteLength(text)
  if (bytes <= maximumTopicBytes) return undefined
  return {
    rule: is5 ? '[MQTT-4.7.3-3]' : '[MQTT-3.1.1:4.7.3-3]',
    message: `the ${what} is ${bytes} bytes long, and ${maximumTopicBytes} is the most`,
  }
}
