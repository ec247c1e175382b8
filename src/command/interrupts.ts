import { MqttCliError } from '../errors.ts'
import { exitCodeOf } from './exit-codes.ts'

type Stopping = 'SIGHUP' | 'SIGINT' | 'SIGTERM'

/** What listens for signals: the process, or a test's emitter. */
interface SignalSource {
  on(signal: Stopping, listener: () => void): unknown
  off(signal: Stopping, listener: () => void): unknown
}

interface InterruptEdges {
  /** The first signal. */
  readonly stop: (reason: MqttCliError) => void
  /** A second one, of whatever kind, does not wait for anything. */
  readonly leave: (exitCode: number) => void
  /** Whether a hang-up is none of our business: the user said so before we began. */
  readonly ignoresHangUp: () => boolean
}

/** Listens until the returned function is called. */
export function listenForInterrupts(source: SignalSource, edges: InterruptEdges): () => void {
  let asked = false
  const stopBy = (reason: MqttCliError) => () => {
    if (reason.kind === 'hung-up' && edges.ignoresHangUp()) return
    if (asked) return edges.leave(exitCodeOf(reason))
    asked = true
    edges.stop(reason)
  }
  const listeners = [
    ['SIGINT', stopBy(new MqttCliError('interrupted', 'stopped by SIGINT'))],
    ['SIGTERM', stopBy(new MqttCliError('terminated', 'stopped by SIGTERM'))],
    ['SIGHUP', stopBy(new MqttCliError('hung-up', 'stopped by SIGHUP: the terminal was closed'))],
  ] as const
  for (const [signal, listener] of listeners) source.on(signal, listener)
  return () => {
    for (const [signal, listener] of listeners) source.off(signal, listener)
  }
}
