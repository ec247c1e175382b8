import { topicFilterProblem } from '../../../protocol/topic-filter.ts'
import { usageError } from '../../usage-error.ts'

export interface UserDenialWords {
  readonly username: string
  readonly filter: string
}

const advice = "give a user and a topic filter: --deny-user anna 'secret/#'"

/** A name and a filter, whatever they are. */
export function countDenialWords(): number {
  return 2
}

/** `--deny-user anna secret/#`, which comes as a JSON array; in the environment the first blank parts the two. */
export function userDenial(text: string, saidAs: string): UserDenialWords {
  const [username = '', filter = ''] = wordsOf(text)
  if (username === '' || filter === '') throw usageError(`${saidAs} needs a user and a topic filter`, advice)
  const problem = topicFilterProblem(filter)
  if (problem !== undefined) throw usageError(`${saidAs}: ${problem.message} ${problem.rule}`, advice)
  return { username, filter }
}

function wordsOf(text: string): readonly string[] {
  if (text.startsWith('["')) return JSON.parse(text)
  const blank = text.indexOf(' ')
  return [text.slice(0, Math.max(0, blank)), text.slice(blank + 1)]
}
