import { MqttCliError } from '../../errors.ts'

/** Aborted by the user's wish, or when the time of `-W` is up. */
export function stopAfter(giveUpAfterMs: number | undefined, signal: AbortSignal): AbortController {
  const stop = new AbortController()
  const byUser = () => stop.abort(signal.reason)
  if (signal.aborted) byUser()
  signal.addEventListener('abort', byUser, { once: true })
  if (giveUpAfterMs !== undefined) setTimeout(() => stop.abort(timeIsUp(giveUpAfterMs)), giveUpAfterMs).unref()
  return stop
}

function timeIsUp(afterMs: number): MqttCliError {
  return new MqttCliError('gave-up', `Gave up after ${afterMs / 1000} s, as -W asked`, { tries: ['a longer -W'] })
}

/** Waits, and keeps no process alive for it. */
export function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
