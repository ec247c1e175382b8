import { MqttCliError } from '../../errors.ts'
import { ConnackRefused } from '../connect-failures.ts'
import type { LinkEnd } from '../link/link-end.ts'
import { triesAfter } from '../link/unanswered.ts'
import { isRefusalForNow, mayComeBackAfter } from '../refusals.ts'
import type { ReconnectSettings } from '../settings.ts'
import { longestBackoffMs } from './backoff.ts'

/** A connection that ends sooner than this did not really stand. */
const shortLivedMs = 5000
/** So many of them in a row, and something throws us out. */
const shortLivedMaximum = 8
/** From here on the cause is named: once may be chance. */
const suspiciousInARow = 2

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

/** Counts sessions that end as soon as they stand, so that two clients with one id do not push each other out for ever. */
export class ShortLived {
  #inARow = 0

  /**
   * Whether a session of this length counts as one that lived. Two clients with one id throw each other out at their
   * own delays, which grow: what lived no longer than the other waited did not live.
   */
  lived(livedMs: number): boolean {
    return livedMs >= Math.max(shortLivedMs, 2 * longestBackoffMs(this.#inARow))
  }

  /** The error to end with, when it has happened too often. */
  ended(livedMs: number, end: LinkEnd, clientId = ''): MqttCliError | undefined {
    this.#inARow = this.lived(livedMs) ? 0 : this.#inARow + 1
    return this.#inARow < shortLivedMaximum ? undefined : thrownOut(this.#inARow, end, clientId)
  }

  /** The same end, with its most likely cause named once it has happened again. */
  explained(error: MqttCliError, end: LinkEnd, clientId: string): MqttCliError {
    if (this.#inARow < suspiciousInARow || end.isWordless !== true) return error
    const { because, causes } = suspicion(end, clientId)
    const message = `${error.message}, ${this.#inARow} times within seconds: most likely ${because}`
    return new MqttCliError(error.kind, message, { ...error.details, causes })
  }

  /** Attempts that count for the backoff: a session that lived makes the next delay short again. */
  get attempt(): number {
    return this.#inARow
  }
}

function thrownOut(times: number, end: LinkEnd, clientId: string): MqttCliError {
  const { causes, tries } = suspicion(end, clientId)
  const onWhat = end.closedOn === undefined ? '' : `, this time on our ${end.closedOn}`
  return new MqttCliError('lost', `The broker ended ${times} connections in a row within seconds${onWhat}`, {
    layer: 'session',
    causes,
    tries: [...tries, 'look into the broker’s log'],
    cause: end.error,
  })
}

/** Who closes on a packet of ours does not like the packet; who closes while nothing is asked has another client. */
function suspicion({ closedOn, isWordless }: LinkEnd, clientId: string) {
  if (closedOn !== undefined) {
    const because = `it does not take our ${closedOn}`
    return {
      because,
      causes: [`the broker does not take our ${closedOn}, and says so by closing`],
      tries: triesAfter(closedOn),
    }
  }
  if (isWordless !== true) return { because: '', causes: [], tries: [] } // it was said each time
  const because = `another client uses the same client id${clientId === '' ? '' : ` “${clientId}”`}`
  return { because, causes: [`${because}, and each throws the other out`], tries: ['another --id'] }
}
