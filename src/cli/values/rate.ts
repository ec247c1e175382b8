import { usageError } from '../usage-error.ts'

const fastestPerSecond = 10_000_000
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** Messages or connections per second: `5000`, `5000/s`, `0.5`, `30/m`, `90/h`. */
export function ratePerSecond(text: string, flag: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text) ?? []
  const rate = Number(number) / unitSeconds[unit]!
  if (rate > 0 && rate <= fastestPerSecond) return rate
  throw usageError(
    `${flag} is not a rate: ${JSON.stringify(text)}`,
    'give a number per second, minute or hour, as 5000, 5000/s, 30/m or 90/h',
  )
}
