import { usageError } from '../usage-error.ts'

const fastestPerSecond = 10_000_000

/** Messages or connections per second: `5000`, `5000/s`, `0.5`. */
export function ratePerSecond(text: string, flag: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text) ?? []
  const rate = Number(number)
  if (rate > 0 && rate <= fastestPerSecond) return rate
  throw usageError(`${flag} is not a rate: ${JSON.stringify(text)}`, 'give a number per second, as 5000 or 5000/s')
}
