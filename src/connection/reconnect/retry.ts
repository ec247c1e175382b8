import type { MqttCliError } from '../../errors.ts'
import type { Abortable } from '../abort.ts'
import { monotonicMs } from '../clock.ts'
import { asError } from '../connect-failures.ts'
import { pause } from '../waiting.ts'
import { boundedBackoffMs } from './backoff.ts'

interface Retrying {
  /** Attempts that failed before, for the delay. */
  readonly attempt: number
  /** By the monotonic clock; nothing begins after it. */
  readonly untilMs: number
  readonly mayRetry: (failure: unknown) => boolean
  /** Ends the waiting. */
  readonly signal: Abortable
  /** From 0 to 1. */
  readonly random: () => number
  /** It failed, and is tried again after the delay. */
  readonly waiting?: (error: MqttCliError, delayMs: number) => void
}

/** Tries until it succeeds, time is up, somebody stops, or a failure is final: then it throws our own error behind it. Its waits end with the time. */
export async function retry<T>(open: () => Promise<T>, retrying: Retrying): Promise<T> {
  const { untilMs, mayRetry, signal, random, waiting } = retrying
  for (let attempt = retrying.attempt; ; attempt++) {
    try {
      return await open()
    } catch (failure) {
      const delayMs = boundedBackoffMs(attempt, random(), untilMs - monotonicMs())
      const error = asError(failure)
      if (signal.aborted || !mayRetry(failure) || delayMs === undefined) throw error
      waiting?.(error, delayMs)
      await pause(delayMs, signal)
    }
  }
}
