import { benchFlags } from '../flags/bench.ts'
import { nearestWord } from '../nearest-word.ts'
import { usageError } from '../usage-error.ts'

/** As argv and the environment would have said it, by long name. */
export type FlagTexts = Readonly<Record<string, string | boolean | readonly string[]>>

interface Declared {
  readonly type: 'option' | 'boolean'
  readonly multiple?: boolean
  readonly summary?: string
}

const declared: Readonly<Record<string, Declared>> = benchFlags
/** What is about the program as a whole, and not about a load. */
const ofTheProgram: ReadonlySet<string> = new Set([
  ...['json', 'debug', 'quiet', 'no-color', 'help', 'trace', 'yes', 'github-summary', 'prometheus', 'save'],
  ...['shard', 'shards', 'run', 'rendezvous', 'rendezvous-timeout', 'pair'],
])
/** One broker, and one login, for all groups. */
const ofAllGroups: ReadonlySet<string> = new Set([
  'embedded',
  'ask-password',
  'password',
  'password-file',
  'password-env',
  'password-command',
])

/** The flags that a scenario may have, for its schema too. */
export function scenarioFlags(): readonly (readonly [name: string, flag: Declared])[] {
  return Object.entries(declared).filter(([name]) => !ofTheProgram.has(name))
}

export function isOfAllGroups(name: string): boolean {
  return ofAllGroups.has(name)
}

/** `qos: 1`, `retain: true`, `fail-if: [p99>20ms, lost>0]`. A key that is no flag, or of another kind, is an error. */
export function flagTexts(values: Readonly<Record<string, unknown>>, place: string): FlagTexts {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(name, value, place)]))
}

function textOf(name: string, value: unknown, place: string): FlagTexts[string] {
  const flag = ofTheProgram.has(name) ? undefined : declared[name]
  if (flag === undefined || !Object.hasOwn(declared, name)) throw unknown(name, place)
  if (flag.type === 'boolean') {
    if (typeof value === 'boolean') return value
    throw usageError(`${place}: ${name} is a switch`, `write ${name}: true`)
  }
  if (flag.multiple === true) return (Array.isArray(value) ? value : [value]).map((each) => scalar(name, each, place))
  return scalar(name, value, place)
}

function scalar(name: string, value: unknown, place: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw usageError(`${place}: ${name} is neither text nor number`, 'write it as the flag takes it')
}

function unknown(name: string, place: string): Error {
  if (ofTheProgram.has(name))
    return usageError(`${place}: ${name} belongs on the command line`, `mqtt-cli bench run FILE --${name}`)
  const near = nearestWord(
    name,
    scenarioFlags().map(([known]) => known),
  )
  return usageError(
    `${place}: ${name} is no flag of bench`,
    near === undefined ? 'mqtt-cli bench --help lists them' : `did you mean ${near}?`,
  )
}
