import { usageError } from '../../usage-error.ts'
import { placePattern } from '../../values/place-pattern.ts'
import { topicFilter, topicName } from '../../values/topic.ts'

/** Patterns are checked as the topics of some client: places never change what is allowed. */
export function topicPattern(text: string, flag: string): string {
  return placePattern(topicName(text, flag, 5), flag, 'topic')
}

export function filterPattern(text: string, flag: string): string {
  return placePattern(topicFilter(text, flag, 5), flag, 'filter')
}

export function willTopicPattern(text: string, flag: string): string {
  return placePattern(text, flag, 'will topic')
}

/** Of the messages that fall by chance into what a filter names nobody could say which are lost. */
export function refusePartOfChance(topic: string, filter: string): void {
  const wanted = filter.split('/')
  for (const [index, level] of topic.split('/').entries()) {
    if (wanted[index] === '#') return
    if (!/%rand\(/.test(level.replaceAll('%%', '')) || wanted[index] === '+') continue
    throw usageError(
      `--filter ${JSON.stringify(filter)} names a part of what --topic draws by chance`,
      'have + there: what is lost could not be told',
      'or have the publishers take the topics in turn: %i(0..9)',
    )
  }
}
