import { environmentName } from '../flags/flag.ts'
import type { Destination } from './target.ts'

/** What was typed, as far as notes look at it. */
interface Said {
  readonly flags: Readonly<Record<string, unknown>>
  readonly typed: ReadonlySet<string>
  /** Those that name a topic. */
  readonly words: readonly string[]
}

/** What a user should know before it matters: what, why, and what to try. Said on stderr. */
export function connectionNotes(said: Said, insecure: boolean, { target }: Destination): readonly string[] {
  const isUnverified = insecure && (target.transport === 'tls' || target.transport === 'wss')
  return [
    ...(isUnverified ? [unverified] : []),
    ...lineEnds(said).map(
      (name) => `${name} ends with a carriage return: was it read from a file with Windows line ends?`,
    ),
  ]
}

const unverified =
  'certificates are not verified (--insecure): anyone on the way can read and change everything; try --cafile'

const names = [
  'host',
  'url',
  'topic',
  'username',
  'id',
  'id-prefix',
  'will-topic',
  'tls-sni',
  'filter-out',
  'unsubscribe',
]

/** MQTT takes a carriage return in a name like any other character, and nobody sees it. */
function lineEnds({ flags, typed, words }: Said): readonly string[] {
  const flagged = names.filter((name) => [flags[name]].flat().some(endsWithReturn))
  const said = flagged.map((name) => (typed.has(name) ? `--${name}` : environmentName(name)))
  return words.some(endsWithReturn) ? ['TOPIC', ...said] : said
}

function endsWithReturn(text: unknown): boolean {
  return typeof text === 'string' && text.endsWith('\r')
}
