const firstDelayMs = 1000
const longestDelayMs = 30_000

/** Full jitter: anything from nothing to 1, 2, 4 … 30 s, so that a thousand clients do not come back together. */
export function backoffMs(attempt: number, random: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** attempt) * random
}
