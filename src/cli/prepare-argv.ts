// Cli: what comes in as text (flags, values, files of secrets, the environment) becomes settings, or an error of usage with
// something to try. It opens no connection, and of features and `connection` it knows no more than their settings. Begin here:
// argv is cut into words, `read-flags.ts` reads the flags that `flags/` declares, and `settings/` makes one object of them.

import type { MqttCliError } from '../errors.ts'
import type { ArgvTraits } from './flags/flag.ts'
import { nearestWord } from './nearest-word.ts'
import { usageError } from './usage-error.ts'

/** `--qos` */
const shortestLongName = 5

/** What must be known of a flag to tell its words from the others. */
export interface FlagShape extends ArgvTraits {
  readonly type: 'option' | 'boolean'
  readonly char?: string
  readonly aliases?: readonly string[]
  readonly multiple?: boolean
  readonly allowNo?: boolean
}

interface TypedFlag {
  readonly name: string
  /** A text, or whether a switch is on. */
  readonly value: string | boolean
}

export interface PreparedArgv {
  /** In the order in which they were typed, each under its long name. */
  readonly typed: readonly TypedFlag[]
  readonly positional: readonly string[]
  /** A `--` said that what follows is taken as it is. */
  readonly isVerbatim?: boolean
}

/**
 * Reads argv as mosquitto's clients do: the word after a flag is its value whatever it looks like (`-m -temp`), a
 * single-value flag given twice takes the last, `-D` takes several words, bare `--trace` takes none. Nobody else reads
 * it (docs/decisions/013-argv-read-once.md).
 */
export function prepareArgv(argv: readonly string[], flags: Readonly<Record<string, FlagShape>>): PreparedArgv {
  const reading: Reading = { names: flagNames(flags), rest: [...argv], found: [], positional: [], isVerbatim: false }
  while (reading.rest.length > 0) readWord(reading)
  const { found, positional, isVerbatim } = reading
  return { typed: lastOfSingles(found), positional, ...(isVerbatim && { isVerbatim }) }
}

interface NamedFlag {
  readonly name: string
  readonly shape: FlagShape
}

interface FoundFlag extends TypedFlag {
  readonly single: boolean
}

interface Reading {
  readonly names: ReadonlyMap<string, NamedFlag>
  readonly rest: string[]
  readonly found: FoundFlag[]
  readonly positional: string[]
  isVerbatim: boolean
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
  if (word === '--') {
    reading.isVerbatim = true
    reading.positional.push(...reading.rest.splice(0))
  } else if (word === '-' || !word.startsWith('-')) reading.positional.push(word)
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
  reading.found.push({ name: negated.name, single: true, value: false })
}

/** `-q`, `-q1`, `-q=1`, `-vN`, `-vq1`. */
function readShort(reading: Reading, word: string): void {
  const spelling = word.slice(0, 2)
  refuseLongName(word, reading)
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
    reading.found.push({ name, single: true, value: true })
    return
  }
  if (attached === undefined && reading.rest.length === 0 && shape.lastWordMeans !== undefined) {
    reading.found.push({ name: shape.lastWordMeans, single: true, value: true })
    return
  }
  const value = flagValue(reading, shape, spelling, attached)
  reading.found.push({ name, single: shape.multiple !== true, value })
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
  const near = nearFlags(spelling, [...names.keys()])
  const advice = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '--help lists the options'
  return usageError(`unknown option ${spelling}`, advice, 'after -- every word is taken as it is')
}

/** Another case of a letter, the beginning of a long name, or one that is a typing error away. */
function nearFlags(typed: string, known: readonly string[]): readonly string[] {
  if (!typed.startsWith('--')) return known.filter((name) => name.toLowerCase() === typed.toLowerCase()).slice(0, 3)
  const long = known.filter((name) => name.startsWith('--'))
  const begun = long.filter((name) => name.startsWith(typed))
  if (begun.length > 0) return begun.slice(0, 3)
  const nearest = nearestWord(
    typed.slice(2),
    long.map((name) => name.slice(2)),
  )
  return nearest === undefined ? [] : [`--${nearest}`]
}

/** `-qos 1`: a long name behind one dash would be read as a letter and its value. */
function refuseLongName(word: string, { names }: Reading): void {
  const long = `-${word.split('=')[0]}`
  if (long.length < shortestLongName || !names.has(long)) return
  const [letter, rest] = [word.slice(0, 2), word.slice(2)]
  throw usageError(
    `${word} could be ${long}, or ${letter} with ${JSON.stringify(rest)}`,
    `write ${long}, or ${letter} ${rest} as two words`,
  )
}
