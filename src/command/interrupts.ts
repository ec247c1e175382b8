import { MqttCliError } from '../errors.ts'
import { exitCodeOf } from './exit-codes.ts'

/** What listens for signals: the process, or a test's emitter. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/** The first signal asks to stop; a second one, of either kind, does not wait for anything. Returns how to stop listening. */
export function listenForInterrupts(
  source: SignalSource,
  stop: (reason: MqttCliError) => void,
  leave: (exitCode: number) => void,
): () => void {
  let asked = false
  const listener = (reason: MqttCliError) => () => {
    if (asked) return leave(exitCodeOf(reason))
    asked = true
    stop(reason)
  }
  const onInterrupt = listener(new MqttCliError('interrupted', 'stopped by SIGINT'))
  const onTerminate = listener(new MqttCliError('terminated', 'stopped by SIGTERM'))
  source.on('SIGINT', onInterrupt)
  source.on('SIGTERM', onTerminate)
  return () => {
    source.off('SIGINT', onInterrupt)
    source.off('SIGTERM', onTerminate)
  }
}
