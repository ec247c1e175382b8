import type { MqttCliError } from '../errors.ts'
import type { ArgvTraits } from './flags/flag.ts'
import { usageError } from './usage-error.ts'

/** What must be known of a flag to tell its words from the others. */
export interface FlagShape extends ArgvTraits {
  readonly type: 'option' | 'boolean'
  readonly char?: string
  readonly aliases?: readonly string[]
  readonly multiple?: boolean
  readonly allowNo?: boolean
}

export interface PreparedArgv {
  /** Flags by long name with places instead of values, then `--` and the positional words. */
  readonly words: readonly string[]
  /** What stands at the places. */
  readonly values: readonly string[]
}

/** Neither argv nor the environment can hold a NUL, so no value of the user's begins with one. */
const placeMark = '\0'

/**
 * Reads argv as mosquitto's clients do: the word after a flag is its value whatever it looks like (`-m -temp`), a
 * single-value flag given twice takes the last, `-D` takes several words, bare `--trace` takes none. Values stand apart
 * from the words, with places instead: no value can be taken for a flag, and no secret is in what is searched for one.
 */
export function prepareArgv(argv: readonly string[], flags: Readonly<Record<string, FlagShape>>): PreparedArgv {
  const reading: Reading = { names: flagNames(flags), rest: [...argv], found: [], positional: [], values: [] }
  while (reading.rest.length > 0) readWord(reading)
  const words = lastOfSingles(reading.found).map(({ text }) => text)
  return { words: [...words, '--', ...reading.positional], values: reading.values }
}

/** Flags by name with values back in their places. */
export function fillPlaces(
  flags: Readonly<Record<string, unknown>>,
  values: readonly string[],
): Readonly<Record<string, unknown>> {
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill)
    return typeof value === 'string' && value.startsWith(placeMark) ? values[Number(value.slice(1))] : value
  }
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, fill(value)]))
}

interface NamedFlag {
  readonly name: string
  readonly shape: FlagShape
}

interface FoundFlag {
  readonly name: string
  readonly single: boolean
  readonly text: string
}

interface Reading {
  readonly names: ReadonlyMap<string, NamedFlag>
  readonly rest: string[]
  readonly found: FoundFlag[]
  readonly positional: string[]
  readonly values: string[]
}

/** Every spelling: `--host`, `-h`, aliases. */
function flagNames(flags: Readonly<Record<string, FlagShape>>): ReadonlyMap<string, NamedFlag> {
  const names = new Map<string, NamedFlag>()
  for (const [name, shape] of Object.entries(flags)) {
    for (const long of [name, ...(shape.aliases ?? [])]) names.set(`--${long}`, { name, shape })
    if (shape.char !== undefined) names.set(`-${shape.char}`, { name, shape })
  }
  return names
}

function readWord(reading: Reading): void {
  const word = reading.rest.shift() ?? ''
  if (word === '--') reading.positional.push(...reading.rest.splice(0))
  else if (word === '-' || !word.startsWith('-')) reading.positional.push(word)
  else if (word.startsWith('--')) readLong(reading, word)
  else readShort(reading, word)
}

function readLong(reading: Reading, word: string): void {
  const equals = word.indexOf('=')
  const spelling = equals === -1 ? word : word.slice(0, equals)
  const attached = equals === -1 ? undefined : word.slice(equals + 1)
  const flag = reading.names.get(spelling)
  if (flag !== undefined) {
    readFlag(reading, flag, spelling, attached)
    return
  }
  const negated = spelling.startsWith('--no-') ? reading.names.get(`--${spelling.slice(5)}`) : undefined
  if (negated?.shape.allowNo !== true || attached !== undefined) throw unknownFlag(spelling, reading)
  reading.found.push({ name: negated.name, single: true, text: `--no-${negated.name}` })
}

/** `-q`, `-q1`, `-q=1`, `-vN`, `-vq1`. */
function readShort(reading: Reading, word: string): void {
  const spelling = word.slice(0, 2)
  const flag = reading.names.get(spelling)
  if (flag === undefined) {
    if (!/^-\.?\d/.test(word)) throw unknownFlag(spelling, reading)
    reading.positional.push(word) // a negative number
    return
  }
  const attached = word.length > 2 ? word.slice(2) : undefined
  const isOption = flag.shape.type === 'option'
  readFlag(reading, flag, spelling, isOption ? attached?.replace(/^=/, '') : undefined)
  if (attached !== undefined && !isOption) reading.rest.unshift(`-${attached}`)
}

function readFlag(reading: Reading, { name, shape }: NamedFlag, spelling: string, attached: string | undefined): void {
  if (shape.onlyOnce === true && reading.found.some((flag) => flag.name === name)) {
    throw usageError(`${spelling} is given twice, and can be used once`, 'leave one of them out')
  }
  if (shape.type === 'boolean') {
    if (attached !== undefined) throw usageError(`${spelling} takes no value`, `write ${spelling} alone`)
    reading.found.push({ name, single: true, text: `--${name}` })
    return
  }
  if (attached === undefined && reading.rest.length === 0 && shape.lastWordMeans !== undefined) {
    reading.found.push({ name: shape.lastWordMeans, single: true, text: `--${shape.lastWordMeans}` })
    return
  }
  const place = reading.values.push(flagValue(reading, shape, spelling, attached)) - 1
  reading.found.push({ name, single: shape.multiple !== true, text: `--${name}=${placeMark}${place}` })
}

function flagValue(reading: Reading, shape: FlagShape, spelling: string, attached: string | undefined): string {
  if (shape.countWords !== undefined) return severalWords(reading, shape.countWords, spelling, attached)
  const value = attached ?? shape.bareValue ?? reading.rest.shift()
  if (value !== undefined) return value
  throw usageError(`${spelling} needs a value`, `write it after ${spelling}, as a word of its own`)
}

/** The words of one `-D`, kept apart by a JSON array. */
function severalWords(
  reading: Reading,
  countWords: (following: readonly string[]) => number,
  spelling: string,
  attached: string | undefined,
): string {
  if (attached !== undefined) reading.rest.unshift(attached)
  const count = countWords(reading.rest)
  if (reading.rest.length >= count) return JSON.stringify(reading.rest.splice(0, count))
  throw usageError(`${spelling} needs ${count} words after it`, `write ${spelling} publish content-type text/plain`)
}

/** A single-value flag that comes twice: the last one counts, as with mosquitto. */
function lastOfSingles(found: readonly FoundFlag[]): readonly FoundFlag[] {
  const last = new Map(found.map((flag, index) => [flag.name, index]))
  return found.filter((flag, index) => !flag.single || last.get(flag.name) === index)
}

function unknownFlag(spelling: string, { names }: Reading): MqttCliError {
  const near = [...names.keys()].filter((known) => isNear(spelling, known)).slice(0, 3)
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '--help lists the options'
  return usageError(`unknown option ${spelling}`, advice, 'after -- every word is taken as it is')
}

function isNear(typed: string, known: string): boolean {
  if (!typed.startsWith('--') || !known.startsWith('--')) return typed.toLowerCase() === known.toLowerCase()
  return known.startsWith(typed) || (known.length > 6 && typed.startsWith(known.slice(0, -2)))
}
