import { nearestWord } from './nearest-word.ts'
import { usageError } from './usage-error.ts'

interface Command {
  /** `inspect` */
  readonly id: string
  /** `decode`, `encode` … */
  readonly subcommands: readonly string[]
  /** Whether other words mean something: topic filters. */
  readonly takesWords: boolean
}

const nameOnly = /^[a-z][a-z-]*$/
/** A shorter word is as near to many others. */
const shortestMistyped = 4

/**
 * A lone word that is a subcommand's, or nearly: `inspect --embedded decode`, `inspect decoed`, `bench pbu`. It would
 * be taken for a topic filter, and waited on for ever.
 */
export function refuseSubcommandWord(words: readonly string[], { id, subcommands, takesWords }: Command): void {
  const [word, ...others] = words
  if (word === undefined || others.length > 0 || !nameOnly.test(word)) return
  const isExact = subcommands.includes(word)
  const meant = isExact ? word : misspelt(word, subcommands)
  if (meant === undefined) return
  const message = isExact ? `the word ${word} belongs right behind ${id}` : `${id} has no ${JSON.stringify(word)}`
  const asCommand = `mqtt-cli ${id} ${meant} …`
  throw takesWords
    ? usageError(message, `did you mean ${asCommand}`, `or the topic filter: mqtt-cli ${id} -t ${word}`)
    : usageError(message, `did you mean ${asCommand}`)
}

/** Not where a subcommand is only how the word begins: `files` is a topic, `decoed` hardly. */
function misspelt(word: string, subcommands: readonly string[]): string | undefined {
  if (word.length < shortestMistyped && !subcommands.some((known) => known.length === word.length)) return undefined
  const nearest = nearestWord(word, subcommands)
  return nearest === undefined || word.startsWith(nearest) ? undefined : nearest
}
