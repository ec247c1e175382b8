import { MqttCliError } from '../../errors.ts'
import { ConnackRefused } from '../establish.ts'
import type { LinkEnd } from '../link/link-end.ts'
import { isRefusalForNow, mayComeBackAfter } from '../refusals.ts'
import type { ReconnectSettings } from '../settings.ts'

/** A connection that ends sooner than this did not really stand. */
const shortLivedMs = 5000
/** So many of them in a row, and something throws us out: most likely a second client with our client id. */
const shortLivedMaximum = 8

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

/** Monotonic milliseconds after which nobody tries any more. */
export function retryUntilMs(settings: ReconnectSettings, nowMs: number): number {
  if (settings.mode === 'never') return nowMs
  return settings.mode === 'forever' ? Number.POSITIVE_INFINITY : nowMs + settings.seconds * 1000
}

/** Counts connections that end as soon as they stand, so that two clients with one id do not push each other out for ever. */
export class ShortLived {
  #inARow = 0

  /** The error to end with, when it has happened too often. */
  ended(livedMs: number, error: MqttCliError | undefined): MqttCliError | undefined {
    this.#inARow = livedMs < shortLivedMs ? this.#inARow + 1 : 0
    if (this.#inARow < shortLivedMaximum) return undefined
    return new MqttCliError('lost', `The broker ended ${this.#inARow} connections in a row within seconds`, {
      layer: 'session',
      causes: ['another client uses the same client id, and each throws the other out'],
      tries: ['another --id', 'look into the broker’s log'],
      cause: error,
    })
  }

  /** Attempts that count for the backoff: a connection that stood makes the next delay short again. */
  get attempt(): number {
    return this.#inARow
  }
}
