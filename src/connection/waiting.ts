import type { Advice } from '../advice.ts'
import { MqttCliError } from '../errors.ts'
import type { Abortable } from './abort.ts'
import { namedReason } from './refusals.ts'

/** Waits, or less when somebody stops. Leaves no listener behind: a long life has many pauses. */
export function pause(ms: number, signal: Abortable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** Waits, and keeps no process alive for it. */
export function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}

/** Aborted by the user's wish, or when the time of `-W` is up. `alsoTry`: what this command offers beside a longer one. */
export function stopAfter(
  giveUpAfterMs: number | undefined,
  signal: AbortSignal,
  alsoTry: readonly Advice[] = [],
): AbortController {
  const stop = new AbortController()
  const byUser = () => stop.abort(signal.reason)
  if (signal.aborted) byUser()
  signal.addEventListener('abort', byUser, { once: true })
  if (giveUpAfterMs !== undefined) setTimeout(() => stop.abort(timeIsUp(giveUpAfterMs, alsoTry)), giveUpAfterMs).unref()
  return stop
}

/** The same end, with what had gone wrong before it. */
export function afterFailure(reason: unknown, failure: MqttCliError | undefined): unknown {
  if (failure === undefined || !(reason instanceof MqttCliError) || reason.kind !== 'gave-up') return reason
  const { reasonCode, reasonName, layer, causes, facts } = failure.details
  const until = `${failure.message}${namedReason(failure)}`
  const { wording } = reason.details
  const told = {
    ...(reasonCode !== undefined && { reasonCode }),
    ...(reasonName && { reasonName }),
    ...(layer && { layer }),
    ...(wording?.try === 'time-is-up' && { wording: { ...wording, until } }),
  }
  return new MqttCliError('gave-up', `${reason.message}; until then: ${until}`, {
    ...reason.details,
    ...told,
    causes,
    facts,
  })
}

function timeIsUp(afterMs: number, alsoTry: readonly Advice[]): MqttCliError {
  const seconds = afterMs / 1000
  return new MqttCliError('gave-up', `Gave up after ${seconds} s`, {
    wording: { try: 'time-is-up', seconds },
    tries: [{ try: 'longer-wait' }, ...alsoTry],
  })
}
