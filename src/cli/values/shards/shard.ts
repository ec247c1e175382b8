import { createHash } from 'node:crypto'
import { usageError } from '../../usage-error.ts'

const mostShards = 10_000
const longestRunName = 100

/** Which part of a run, of how many. */
export interface ShardPlace {
  /** From 1 on. */
  readonly index: number
  readonly count: number
}

/** `2/4`. */
export function shardPlace(text: string, flag: string): ShardPlace {
  const [, index = '', count = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []
  const place = { index: Number(index), count: Number(count) }
  if (place.index >= 1 && place.index <= place.count && place.count <= mostShards) return place
  throw usageError(
    `${flag} is no part of a run: ${JSON.stringify(text)}`,
    `give its number, from 1, and how many there are, at most ${mostShards}: 2/4`,
    'auto takes both from the scheduler that started this',
  )
}

/** What all shards of a run call it: it goes into topics. */
export function runName(text: string, flag: string): string {
  if (/^[\w.:-]+$/.test(text) && text.length <= longestRunName) return text
  throw usageError(
    `${flag} is no name of a run: ${JSON.stringify(text)}`,
    `give 1 to ${longestRunName} letters, digits, dots, colons, dashes or underscores`,
  )
}

/** The 32 bits that a run's messages carry: eight hexadecimal digits are them, and any other name makes some. */
export function runIdOf(name: string): number {
  const digits = /^[0-9a-f]{8}$/.test(name) ? name : createHash('sha256').update(name).digest('hex').slice(0, 8)
  return Number.parseInt(digits, 16)
}
