const firstDelayMs = 1000
const longestDelayMs = 30_000

/** Full jitter: anything from nothing to 1, 2, 4 … 30 s, so that a thousand clients do not come back together. */
export function backoffMs(attempt: number, random: number): number {
  return longestBackoffMs(attempt) * random
}

export function longestBackoffMs(attempt: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
}

/**
 * The same, inside a bound: half of what is left where the delay would be longer, so that the time is used and nobody
 * waits past its end. Undefined when so little is left that another attempt is not worth it.
 */
export function boundedBackoffMs(attempt: number, random: number, leftMs: number): number | undefined {
  const delayMs = backoffMs(attempt, random)
  if (delayMs <= leftMs) return delayMs
  return leftMs < firstDelayMs ? undefined : leftMs / 2
}
