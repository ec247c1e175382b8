import { MqttCliError } from '../../errors.ts'
import { ConnackRefused } from '../connect-failures.ts'
import type { LinkEnd } from '../link/link-end.ts'
import { isRefusalForNow, mayComeBackAfter } from '../refusals.ts'
import type { ReconnectSettings } from '../settings.ts'

/** Whether a connection that ended may be followed by another. */
export function mayReconnectAfter(end: LinkEnd): boolean {
  if (end.disconnect !== undefined) return mayComeBackAfter(end.disconnect)
  return end.error?.kind === 'lost'
}

/** Whether a failed attempt may be followed by another: not after a refusal that is final, nor after a broken protocol. */
export function mayRetryAfter(failure: unknown): boolean {
  if (failure instanceof ConnackRefused) return isRefusalForNow(failure.connack, failure.version)
  if (!(failure instanceof MqttCliError)) return true
  return failure.kind === 'unreachable' || failure.kind === 'lost'
}

/** Whether the first connect may be tried again: only where the broker says 'later', unless the user asked for more. */
export function mayRetryFirst(settings: ReconnectSettings, failure: unknown): boolean {
  switch (settings.mode) {
    case 'never':
      return false
    case 'first':
      return mayRetryAfter(failure) && !(failure instanceof ConnackRefused)
    default:
      return mayRetryAfter(failure) && (coversFirst(settings) || failure instanceof ConnackRefused)
  }
}

export function coversFirst(settings: ReconnectSettings): boolean {
  return settings.mode === 'first' || (settings.mode === 'for' && settings.firstToo === true)
}

/** Whether a session that ended is followed by another at all. */
export function comesBack({ mode }: ReconnectSettings): boolean {
  return mode === 'for' || mode === 'forever'
}

/** Monotonic milliseconds after which nobody tries any more. */
export function retryUntilMs(settings: ReconnectSettings, nowMs: number): number {
  if (settings.mode === 'never') return nowMs
  return settings.mode === 'forever' ? Number.POSITIVE_INFINITY : nowMs + settings.seconds * 1000
}
