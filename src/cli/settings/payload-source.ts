import type { PayloadSource } from '../../features/publish/settings.ts'
import { usageError } from '../usage-error.ts'
import { wasUtf8 } from '../values/valid-text.ts'
import type { PublishInput } from './command-input.ts'
import { asked, readList } from './input.ts'

const sources = ['message', 'file', 'stdin-file', 'stdin-line', 'null-message'] as const
const letters = '-m -f -s -l -n'

/**
 * Exactly one kind of `-m -f -s -l -n`, `-m` and `-f` as often as there are messages; the word after the topic is as good
 * as `-m`, and sets the environment aside too.
 */
export function payloadSource(input: PublishInput, word: string | undefined): PayloadSource {
  const given = asked(input, sources).filter((name) => word === undefined || input.typed.has(name))
  const names = [...(word === undefined ? [] : ['MESSAGE']), ...given.map((name) => `--${name}`)]
  if (names.length > 1) throw usageError(`${names.join(' and ')} both give a message`, `give one of MESSAGE ${letters}`)
  if (word === '-') return { from: 'stdin' } // as everywhere; the text itself is published by -m -
  if (word !== undefined) return { from: 'arguments', payloads: [textPayload(word, 'MESSAGE')] }
  const [name] = given
  if (name === undefined) throw nothingToPublish()
  if (name === 'message') return { from: 'arguments', payloads: readList(input, 'message', textPayload) }
  if (name === 'file') return fileSource(input.flags.file ?? [])
  if (name === 'stdin-file') return { from: 'stdin' }
  return name === 'stdin-line' ? { from: 'stdin-lines' } : { from: 'nothing' }
}

/** `-f -` is standard input, which can be read once. */
function fileSource(paths: readonly string[]): PayloadSource {
  if (!paths.includes('-')) return { from: 'files', paths }
  if (paths.length === 1) return { from: 'stdin' }
  throw usageError('-f - is standard input, and there are other files beside it', 'publish it by a command of its own')
}

function textPayload(text: string, flag: string): Buffer {
  return Buffer.from(wasUtf8(text, flag, 'publish bytes with -f or -s'))
}

function nothingToPublish(): Error {
  return usageError(
    'nothing to publish',
    'put the message after the topic: mqtt-cli pub home/door open',
    `or use one of ${letters}: text, a file, the whole of stdin, each line of stdin, an empty message`,
  )
}
