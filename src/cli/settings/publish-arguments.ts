import type { ProtocolVersion } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { topicName } from '../values/topic.ts'
import type { PublishInput } from './command-input.ts'
import { isTyped, saidAs } from './input.ts'

/** Topic and message of `pub [TOPIC] [MESSAGE]`. */
export interface PublishWords {
  readonly topic: string
  readonly message?: string
}

/** With `-t`, or a topic in a typed `-L`, the first word is the message. A topic from the environment is a default. */
export function publishWords(
  input: PublishInput,
  urlTopic: string | undefined,
  version: ProtocolVersion | 'auto',
): PublishWords {
  const typed = isTyped(input, 'topic') ? input.flags.topic : isTyped(input, 'url') ? urlTopic : undefined
  const [first, second] = input.words
  const most = typed === undefined ? 2 : 1
  if (input.words.length > most) throw tooManyWords(input.words.length, most)
  if (typed !== undefined) return withMessage(topicName(typed, topicSource(input), version), first)
  if (first !== undefined) return withMessage(topicName(first, 'TOPIC', version), second)
  const byDefault = input.flags.topic ?? urlTopic
  if (byDefault === undefined) throw usageError('no topic', 'mqtt-cli pub home/door open', 'or name it with -t')
  return { topic: topicName(byDefault, topicSource(input), version) }
}

function topicSource(input: PublishInput): string {
  return input.flags.topic !== undefined ? saidAs(input, 'topic') : saidAs(input, 'url')
}

function withMessage(topic: string, message: string | undefined): PublishWords {
  return message === undefined ? { topic } : { topic, message }
}

function tooManyWords(count: number, most: number): Error {
  const meaning =
    most === 2 ? 'pub takes a topic and a message' : 'the topic is named already, and pub takes one message'
  return usageError(`${count} words, and ${meaning}`, 'put a message with blanks into quotes')
}
