import { MqttCliError } from '../errors.ts'
import { exitCodeOf } from './exit-codes.ts'
import { OutputClosed } from './terminal.ts'

interface ExitStatus {
  readonly exitCode: number
  /** What to tell the user, if anything. */
  readonly report?: { readonly error: unknown }
}

/**
 * How a command ended, from why it was asked to stop (if it was) and what it threw (if it did). A signal decides the
 * number whatever else happened; a reader that went away is nobody's fault, and hides no verdict; a stdout that failed outweighs what followed.
 */
export function exitStatus(stopReason: unknown, failure: { readonly error: unknown } | undefined): ExitStatus {
  if (stopReason instanceof OutputClosed)
    return isVerdict(failure) ? { exitCode: exitCodeOf(failure.error), report: failure } : { exitCode: 0 }
  if (stopReason === undefined) {
    return failure === undefined ? { exitCode: 0 } : { exitCode: exitCodeOf(failure.error), report: failure }
  }
  const exitCode = exitCodeOf(stopReason)
  if (!isSignal(exitCode)) return { exitCode, report: { error: stopReason } }
  const isOwn = failure !== undefined && failure.error !== stopReason && !isAbort(failure.error)
  return isOwn ? { exitCode, report: failure } : { exitCode }
}

/** What was found of somebody else: it holds whether it could be printed or not. */
function isVerdict(failure: { readonly error: unknown } | undefined): failure is { readonly error: MqttCliError } {
  const { error } = failure ?? {}
  return error instanceof MqttCliError && (error.kind === 'demand' || error.kind === 'invalid-result')
}

function isSignal(exitCode: number): boolean {
  return exitCode > 128
}

/** What Node's own functions throw when our signal stopped them. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
