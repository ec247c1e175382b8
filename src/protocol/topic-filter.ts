import { type TopicProblem, topicTextProblem } from './topic-name.ts'
import type { ProtocolVersion } from './wire/packet.ts'

const sharePrefix = '$share/'

interface SharedFilter {
  readonly shareName: string
  readonly filter: string
}

/** `$share/group/filter` taken apart, or undefined for any other filter. What it returns need not be valid. */
export function sharedFilter(filter: string): SharedFilter | undefined {
  if (!filter.startsWith(sharePrefix)) return undefined
  const slash = filter.indexOf('/', sharePrefix.length)
  if (slash === -1) return { shareName: filter.slice(sharePrefix.length), filter: '' }
  return { shareName: filter.slice(sharePrefix.length, slash), filter: filter.slice(slash + 1) }
}

/** What is wrong with this filter, if anything. Below MQTT 5 `$share/…` is a filter like any other. */
export function topicFilterProblem(filter: string, version: ProtocolVersion = 5): TopicProblem | undefined {
  const problem = topicTextProblem(filter, 'topic filter', version)
  if (problem !== undefined) return problem
  const shared = version === 5 ? sharedFilter(filter) : undefined
  if (shared === undefined) return wildcardProblem(filter, version)
  return shareProblem(shared) ?? wildcardProblem(shared.filter, version)
}

function shareProblem({ shareName, filter }: SharedFilter): TopicProblem | undefined {
  if (shareName === '') return { rule: '[MQTT-4.8.2-1]', message: 'the share name after $share/ is empty' }
  if (/[+#]/.test(shareName)) {
    return { rule: '[MQTT-4.8.2-2]', message: 'the share name contains + or #' }
  }
  if (filter !== '') return undefined
  return { rule: '[MQTT-4.8.2-2]', message: 'the share name is not followed by / and a topic filter' }
}

function wildcardProblem(filter: string, version: ProtocolVersion): TopicProblem | undefined {
  const levels = filter.split('/')
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) {
      return {
        rule: version === 5 ? '[MQTT-4.7.1-1]' : '[MQTT-3.1.1:4.7.1-2]',
        message: '# in a topic filter must be a whole level, and the last one',
      }
    }
    if (level.includes('+') && level !== '+') {
      return {
        rule: version === 5 ? '[MQTT-4.7.1-2]' : '[MQTT-3.1.1:4.7.1-3]',
        message: '+ in a topic filter must be a whole level',
      }
    }
  }
  return undefined
}

/** Whether a message to `topic` reaches a subscription to `filter`; a shared filter matches by the filter it holds. */
export function topicMatches(filter: string, topic: string): boolean {
  const pattern = sharedFilter(filter)?.filter ?? filter
  const first = pattern[0]
  if (topic[0] === '$' && (first === '+' || first === '#')) return false // [MQTT-4.7.2-1]
  return levelsMatch(pattern, topic)
}

/** Walks both level by level and makes no array: `sub -T` asks this for each message. */
function levelsMatch(pattern: string, topic: string): boolean {
  let patternStart = 0
  let topicStart = 0
  for (;;) {
    if (isLastHash(pattern, patternStart)) return true
    const patternEnd = levelEnd(pattern, patternStart)
    const topicEnd = levelEnd(topic, topicStart)
    const level = pattern.slice(patternStart, patternEnd)
    if (level !== '+' && level !== topic.slice(topicStart, topicEnd)) return false // no normalization [MQTT-4.7.3-4]
    patternStart = patternEnd + 1
    topicStart = topicEnd + 1
    if (patternEnd === pattern.length) return topicEnd === topic.length
    if (topicEnd === topic.length) return isLastHash(pattern, patternStart) // a/# includes a itself
  }
}

function isLastHash(pattern: string, start: number): boolean {
  return pattern[start] === '#' && start === pattern.length - 1
}

function levelEnd(text: string, start: number): number {
  const slash = text.indexOf('/', start)
  return slash === -1 ? text.length : slash
}
