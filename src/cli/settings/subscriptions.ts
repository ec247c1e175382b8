import type { ProtocolVersion, SubscriptionRequest } from '../../protocol/wire/packet.ts'
import { usageError } from '../usage-error.ts'
import { integer } from '../values/integer.ts'
import { qos } from '../values/qos.ts'
import { topicFilter, topicWord } from '../values/topic.ts'
import type { SubscribeInput } from './command-input.ts'
import { isTyped, read, readList, saidAs } from './input.ts'

/** Words, `-t` and the topic of a URL, each filter once; what the environment names is for when nothing is typed. */
export function subscriptions(
  input: SubscribeInput,
  urlTopic: string | undefined,
  version: ProtocolVersion | 'auto',
  mayBeEmpty: boolean,
): readonly SubscriptionRequest[] {
  const filters = [...new Set(chosenFilters(input, urlTopic, version))]
  if (filters.length === 0 && !mayBeEmpty) {
    throw usageError('no topic filter', "mqtt-cli sub 'home/#'", 'or name filters with -t')
  }
  const options = {
    qos: read(input, 'qos', qos) ?? 0,
    noLocal: input.flags['no-local'] === true,
    retainAsPublished: input.flags['retain-as-published'] === true,
    retainHandling: retainHandling(input),
  }
  const shared = options.noLocal ? filters.find((filter) => filter.startsWith('$share/')) : undefined
  if (shared !== undefined) {
    throw usageError(
      `--no-local does not go with the shared subscription ${shared} [MQTT-3.8.3-4]`,
      'leave one of them out',
    )
  }
  return filters.map((filter) => ({ filter, ...options }))
}

function chosenFilters(input: SubscribeInput, urlTopic: string | undefined, version: ProtocolVersion | 'auto') {
  const words = input.words.map((word) => topicFilter(topicWord(word, 'FILTER'), 'FILTER', version))
  const flags = readList(input, 'topic', (text, flag) => topicFilter(text, flag, version))
  const ofUrl = urlTopic === undefined ? [] : [topicFilter(urlTopic, saidAs(input, 'url'), version)]
  const typed = [...words, ...(isTyped(input, 'topic') ? flags : []), ...(isTyped(input, 'url') ? ofUrl : [])]
  return typed.length > 0 ? typed : [...flags, ...ofUrl]
}

/** `-R` does not want retained messages: at MQTT 5 the broker can be told. */
function retainHandling(input: SubscribeInput): 0 | 1 | 2 {
  const asked = read(input, 'retain-handling', (text, flag) => integer(text, flag, { minimum: 0, maximum: 2 }))
  if (asked !== undefined) return asked as 0 | 1 | 2
  return input.flags['hide-retained'] === true ? 2 : 0
}
