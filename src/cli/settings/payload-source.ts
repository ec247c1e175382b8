import type { PayloadSource } from '../../features/publish/settings.ts'
import { usageError } from '../usage-error.ts'
import { wasUtf8 } from '../values/valid-text.ts'
import type { PublishInput } from './command-input.ts'
import { asked, saidAs } from './input.ts'

const sources = ['message', 'file', 'stdin-file', 'stdin-line', 'null-message'] as const
const letters = '-m -f -s -l -n'

/** Exactly one of `-m -f -s -l -n`; the word after the topic is as good as `-m`, and sets the environment aside too. */
export function payloadSource(input: PublishInput, word: string | undefined): PayloadSource {
  const given = asked(input, sources).filter((name) => word === undefined || input.typed.has(name))
  const names = [...(word === undefined ? [] : ['MESSAGE']), ...given.map((name) => `--${name}`)]
  if (names.length > 1) throw usageError(`${names.join(' and ')} both give a message`, `give one of MESSAGE ${letters}`)
  if (word !== undefined) return argument(word, 'MESSAGE')
  const [name] = given
  if (name === undefined) throw nothingToPublish()
  if (name === 'message') return argument(input.flags.message ?? '', saidAs(input, 'message'))
  if (name === 'file') return { from: 'file', path: input.flags.file ?? '' }
  if (name === 'stdin-file') return { from: 'stdin' }
  return name === 'stdin-line' ? { from: 'stdin-lines' } : { from: 'nothing' }
}

function argument(text: string, flag: string): PayloadSource {
  return { from: 'argument', payload: Buffer.from(wasUtf8(text, flag, 'publish bytes with -f or -s')) }
}

function nothingToPublish(): Error {
  return usageError(
    'nothing to publish',
    'put the message after the topic: mqtt-cli pub home/door open',
    `or use one of ${letters}: text, a file, the whole of stdin, each line of stdin, an empty message`,
  )
}
