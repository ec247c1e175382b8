import { usageError } from '../usage-error.ts'
import { validText } from './valid-text.ts'

/** Where a pattern stands, and so which places it has. */
type PatternKind = 'topic' | 'filter' | 'client id' | 'will topic'

const letters: Readonly<Record<PatternKind, string>> = {
  topic: 'icusr',
  filter: 'icur',
  'client id': 'iur',
  'will topic': 'icur',
}
const place = /%(?:i\(([^)]*)\)|rand\(([^)]*)\)|(rand)|(.?))/gsu
const largestPool = 1_000_000_000

/** A pattern whose places are all known: what looks like one and is none would be sent as it is. */
export function placePattern(text: string, flag: string, kind: PatternKind): string {
  validText(text, flag)
  for (const [written, pool, chance, bareChance, letter = ''] of text.matchAll(place)) {
    if (pool !== undefined) checkPool(pool, flag)
    else if (chance !== undefined) checkChance(chance, flag, kind)
    else if (bareChance !== undefined) throw noPlace(written, flag, kind, 'one of ten by chance is %rand(10)')
    else if (letter === '' || !`${letters[kind]}%`.includes(letter)) throw noPlace(written, flag, kind)
  }
  return text
}

function checkPool(range: string, flag: string): void {
  const [, first, last] = /^(\d{1,10})\.\.(\d{1,10})$/.exec(range) ?? []
  if (first !== undefined && Number(first) <= Number(last) && Number(last) <= largestPool) return
  throw usageError(
    `${flag}: %i(${range}) is no pool`,
    'write it as %i(0..9): the numbers of the clients, from 0 to 9 and again',
  )
}

function checkChance(count: string, flag: string, kind: PatternKind): void {
  if (kind !== 'topic' && kind !== 'filter') {
    throw usageError(`${flag}: %rand has no place in a ${kind}`, 'use it in --topic, or use %i(0..9)')
  }
  if (/^\d{1,10}$/.test(count) && Number(count) >= 1 && Number(count) <= largestPool) return
  throw usageError(`${flag}: %rand(${count}) is not one of so many`, 'write it as %rand(10): 0 to 9, by chance')
}

function noPlace(written: string, flag: string, kind: PatternKind, ...tries: readonly string[]): Error {
  const known = [...letters[kind]].map((letter) => `%${letter}`).join(' ')
  return usageError(
    `${flag}: ${JSON.stringify(written)} is no place`,
    `the places are ${known} and %i(0..9)${kind === 'topic' || kind === 'filter' ? ', and %rand(10)' : ''}`,
    'write a percent sign as %%',
    ...tries,
  )
}
