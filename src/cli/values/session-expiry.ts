import { usageError } from '../usage-error.ts'

export const neverExpires = 0xffffffff

/** Seconds, or one of mosquitto's three ways to say that the session never expires. */
export function sessionExpirySeconds(text: string, flag: string): number {
  if (text === '-1' || text === '∞') return neverExpires
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (seconds <= neverExpires) return seconds
  throw usageError(
    `${flag} is not a session expiry: ${JSON.stringify(text)}`,
    'give seconds from 0 to 4294967294, or -1 for a session that never expires',
  )
}
