import { MqttCliError } from '../../errors.ts'
import type { Abortable } from '../abort.ts'
import { monotonicMs } from '../clock.ts'
import { asError } from '../connect-failures.ts'
import type { Established } from '../establish.ts'
import type { Link } from '../link/link.ts'
import type { LinkEnd } from '../link/link-end.ts'
import type { ConnectionSettings, ReconnectSettings } from '../settings.ts'
import { pause } from '../waiting.ts'
import { boundedBackoffMs } from './backoff.ts'
import {
  comesBack,
  coversFirst,
  mayReconnectAfter,
  mayRetryAfter,
  mayRetryFirst,
  retryUntilMs,
} from './reconnect-policy.ts'
import { retry } from './retry.ts'
import { ShortLived } from './short-lived.ts'

/** Whose session is brought back, and who is told of it. */
export interface ReconnectParts {
  readonly settings: ReconnectSettings
  /** Ends attempts and waits. */
  readonly signal: Abortable
  /** From 0 to 1, for the delays between attempts. */
  readonly random?: () => number
  /** One attempt. It ends within what is left of the time for all of them. */
  readonly open: (leftMs: number) => Promise<Established>
  /** Puts a session to work, so long after the last one ended. What it throws is final. */
  readonly enter: (established: Established, awayMs: number) => Promise<void> | void
  /** The connection was lost, or an attempt failed; the next one comes after the delay. */
  readonly waiting?: (error: MqttCliError, delayMs: number) => void
  /** No other session follows. */
  readonly gone: (error: MqttCliError) => void
  /** The signal came while no session stood. `lostWith`: why the last one ended. */
  readonly aborted?: (lostWith: MqttCliError) => void
}

/**
 * Brings one session back whenever its network connection is lost: which ends are final, how long to wait, how often
 * something may throw us out, and when the time is over. It never opens or closes anything by itself: that is for its
 * owner, who may make it as late as at the first loss, so that ten thousand connections that stand do not pay for it.
 * Begin with `ended`.
 */
export class Reconnector {
  readonly #parts: ReconnectParts
  readonly #random: () => number
  readonly #shortLived = new ShortLived()
  #endedAtMs = 0
  /** When nobody tries any more: a session that did not live does not move it. */
  #untilMs: number
  #isStopped = false

  constructor(parts: ReconnectParts) {
    this.#parts = parts
    this.#random = parts.random ?? Math.random
    this.#untilMs = retryUntilMs(parts.settings, monotonicMs())
  }

  /** The first connect, tried again where the broker says 'later', and else only where the user asked for it. */
  async first(): Promise<void> {
    const { settings } = this.#parts
    const began = monotonicMs()
    this.#untilMs = retryUntilMs(settings, began)
    const mayRetry = (failure: unknown) => mayRetryFirst(settings, failure)
    try {
      await this.#enter(await this.#open(mayRetry, coversFirst(settings)))
    } catch (failure) {
      throw coversFirst(settings) ? triedFor(monotonicMs() - began, failure) : failure
    }
  }

  /** The network connection of the session is gone. */
  ended(link: Link, end: LinkEnd, clientId: string): void {
    if (this.#isStopped) return
    const { settings, signal, gone } = this.#parts
    this.#endedAtMs = monotonicMs()
    const livedMs = this.#endedAtMs - link.standsSinceMs
    if (this.#shortLived.lived(livedMs)) this.#untilMs = retryUntilMs(settings, this.#endedAtMs)
    const tooOften = this.#shortLived.ended(livedMs, end, clientId)
    const reason = this.#shortLived.explained(errorOfLoss(end), end, clientId)
    if (!comesBack(settings) || !mayReconnectAfter(end) || signal.aborted) gone(reason)
    else if (tooOften !== undefined) gone(tooOften)
    else void this.#comeBack(reason)
  }

  /** Nobody wants the session any more, and nobody is told of it. */
  stop(): void {
    this.#isStopped = true
  }

  async #comeBack(lostWith: MqttCliError): Promise<void> {
    const { signal, waiting, gone } = this.#parts
    const delayMs = boundedBackoffMs(this.#shortLived.attempt, this.#random(), this.#untilMs - this.#endedAtMs)
    if (delayMs === undefined) return gone(notRecovered(lostWith))
    waiting?.(lostWith, delayMs)
    await pause(delayMs, signal)
    if (this.#isStopped || signal.aborted) return this.#givenUp(lostWith)
    try {
      await this.#enter(await this.#open(mayRetryAfter, true))
    } catch (failure) {
      if (this.#isStopped || signal.aborted) this.#givenUp(lostWith)
      else gone(notRecovered(asError(failure)))
    }
  }

  #givenUp(lostWith: MqttCliError): void {
    if (!this.#isStopped) this.#parts.aborted?.(lostWith)
  }

  /** Tries until a session stands, time is up, or a failure is final. `isBound`: an attempt ends with the time too. */
  #open(mayRetry: (failure: unknown) => boolean, isBound: boolean): Promise<Established> {
    const untilMs = this.#untilMs
    const { open, signal } = this.#parts
    return retry(() => open(isBound ? untilMs - monotonicMs() : Number.POSITIVE_INFINITY), {
      attempt: this.#shortLived.attempt,
      untilMs,
      mayRetry,
      signal,
      random: this.#random,
      waiting: (error, delayMs) => this.#failedAgain(error, delayMs),
    })
  }

  #failedAgain(error: MqttCliError, delayMs: number): void {
    if (error.kind === 'unreachable') this.#shortLived.foundNobody()
    this.#parts.waiting?.(error, delayMs)
  }

  async #enter(established: Established): Promise<void> {
    try {
      await this.#parts.enter(established, monotonicMs() - this.#endedAtMs)
    } catch (error) {
      if (established.link.end === undefined) throw error // else the end of the link says it, and `ended` acts on it
    }
  }
}

/** Why a session is there no more. */
export function errorOfLoss(end: LinkEnd): MqttCliError {
  return end.error ?? new MqttCliError('lost', 'The connection ended', { tries: ['try again'] })
}

/** The deadline of one attempt, inside the time for all of them. */
export function endingWithin(leftMs: number, settings: ConnectionSettings): ConnectionSettings {
  const mostMs = Math.max(Math.ceil(leftMs), 1)
  return mostMs < settings.connectDeadlineMs ? { ...settings, connectDeadlineMs: mostMs } : settings
}

/** Unreachable after we were connected is a connection lost and not recovered. */
function notRecovered(error: MqttCliError): MqttCliError {
  if (error.kind !== 'unreachable' && error.kind !== 'lost') return error
  return new MqttCliError('lost', `The connection was lost and not recovered: ${error.message}`, error.details)
}

function triedFor(elapsedMs: number, failure: unknown): unknown {
  if (!(failure instanceof MqttCliError) || failure.kind !== 'unreachable') return failure
  const message = `Tried for ${(elapsedMs / 1000).toFixed(1)} s: ${failure.message}`
  return new MqttCliError('unreachable', message, failure.details)
}
