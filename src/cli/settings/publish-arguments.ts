import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { topicName, topicWord } from '../values/topic.ts'
import type { PublishInput } from './command-input.ts'
import { isTyped, readList, saidAs } from './input.ts'

/** Topics and message of `pub [TOPIC] [MESSAGE]`. */
interface PublishWords {
  readonly topics: readonly string[]
  readonly message?: string
}

/** With `-t`, or a topic in a typed `-L`, the first word is the message. A topic from the environment is a default. */
export function publishWords(
  input: PublishInput,
  urlTopic: string | undefined,
  version: ProtocolVersion | 'auto',
): PublishWords {
  const typed = typedTopics(input, urlTopic, version)
  const [first, second] = input.words
  const most = typed.length === 0 ? 2 : 1
  if (input.words.length > most) throw tooManyWords(input.words.length, most)
  if (typed.length > 0) return withMessage(typed, first)
  if (first !== undefined) {
    return withMessage([topicName(topicWord(first, 'TOPIC'), 'TOPIC', version)], second)
  }
  const byDefault = input.flags.topic?.[0] ?? urlTopic
  if (byDefault === undefined) throw usageError('no topic', 'mqtt-cli pub home/door open', 'or name it with -t')
  const source = saidAs(input, input.flags.topic === undefined ? 'url' : 'topic')
  return { topics: [topicName(byDefault, source, version)] }
}

function typedTopics(
  input: PublishInput,
  urlTopic: string | undefined,
  version: ProtocolVersion | 'auto',
): readonly string[] {
  if (isTyped(input, 'topic')) return readList(input, 'topic', (text, flag) => topicName(text, flag, version))
  return isTyped(input, 'url') && urlTopic !== undefined ? [topicName(urlTopic, saidAs(input, 'url'), version)] : []
}

function withMessage(topics: readonly string[], message: string | undefined): PublishWords {
  return message === undefined ? { topics } : { topics, message }
}

function tooManyWords(count: number, most: number): Error {
  const meaning =
    most === 2 ? 'pub takes a topic and a message' : 'the topic is named already, and pub takes one message'
  return usageError(`${count} words, and ${meaning}`, 'put a message with blanks into quotes')
}
