import { usageError } from '../usage-error.ts'

interface IntegerRange {
  readonly minimum: number
  readonly maximum: number
}

/** A whole number written in decimal, inside a range. `flag` is how the user named it. */
export function integer(text: string, flag: string, { minimum, maximum }: IntegerRange): number {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= minimum && value <= maximum) return value
  const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
  throw usageError(`${flag} is not a whole number in its range: ${JSON.stringify(text)}`, `give a number ${range}`)
}
