import { usageError } from '../usage-error.ts'

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Timers of Node take at most this many milliseconds, about 24 days, and run at once when given more. */
const longestMs = 0x7fffffff

/** Seconds, fractions allowed, or a number with a unit: `90`, `0.5`, `250ms`, `2m`, `1h`. */
export function durationMs(text: string, flag: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h)?$/.exec(text) ?? []
  if (number === undefined) throw notADuration(text, flag)
  const milliseconds = Math.round(Number(number) * (unitMs[unit] ?? 1000))
  if (milliseconds > longestMs) throw usageError(`${flag} is too long: ${text}`, 'give at most 24 days')
  return milliseconds
}

/** As `durationMs`, and more than nothing. */
export function positiveDurationMs(text: string, flag: string): number {
  const milliseconds = durationMs(text, flag)
  if (milliseconds > 0) return milliseconds
  throw usageError(`${flag} must be more than 0`, 'give seconds, or a number with ms, s, m or h')
}

function notADuration(text: string, flag: string): Error {
  return usageError(
    `${flag} is not a duration: ${JSON.stringify(text)}`,
    'give seconds, or a number with ms, s, m or h: 10, 0.5, 250ms, 2m',
  )
}
