import { usageError } from '../usage-error.ts'

/** What can be looked up or connected to. A URL in its place may hold a password, and is not repeated. */
export function hostName(text: string, flag: string): string {
  if (text.trim() === '') throw usageError(`${flag} names no host`, 'leave it out for localhost')
  if (!/[/@\0]/.test(text)) return text
  throw usageError(
    `${flag} is no host (its text is not shown: it may hold a password)`,
    'give a name or an address alone',
    'a URL goes with -L',
  )
}
