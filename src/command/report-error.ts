import { maskLogins } from '../cli/values/broker-url.ts'
import { MqttCliError } from '../errors.ts'
import type { Conceal } from '../protocol/conceal.ts'
import type { ErrorReport } from '../render/error-block.ts'
import { exitCodeOf } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export interface ReportStyle {
  readonly json: boolean
  /** With the stack of a bug. */
  readonly debug: boolean
  /** Only what the user typed wrong is said, as with mosquitto's `--quiet`. */
  readonly quiet: boolean
  /** What an unexpected error says are words of a library, which may hold what we gave it. */
  readonly conceal?: Conceal
}

/** One block for people, or one JSON line, on stderr. The renderer is loaded when something went wrong, and not before. */
export async function reportError(terminal: Terminal, error: unknown, style: ReportStyle): Promise<void> {
  const report = withoutLogins(error instanceof MqttCliError ? expected(error) : bug(error, style))
  if (style.quiet && report.kind !== 'usage' && report.kind !== 'bug') return
  const { errorBlock, errorLine } = await import('../render/error-block.ts')
  const text = style.json ? errorLine(report) : errorBlock(report, terminal.errorColor)
  terminal.writeError(text)
}

function expected(error: MqttCliError): ErrorReport {
  const { cause: _, ...details } = error.details
  return { ...details, kind: error.kind, exitCode: exitCodeOf(error), message: error.message }
}

const howToReport = 'report it with the command you typed, without passwords, and what `mqtt-cli --version` prints'

/** Whatever is not one of our kinds is a fault of the program. */
function bug(error: unknown, { debug, conceal = (words) => words }: ReportStyle): ErrorReport {
  const isError = error instanceof Error
  return {
    kind: 'bug',
    exitCode: exitCodeOf(error),
    message: `this is a bug in mqtt-cli: ${conceal(isError ? `${error.name}: ${error.message}` : String(error))}`,
    tries: debug ? [howToReport] : ['run it again with --debug to see where', howToReport],
    ...(debug && isError && error.stack !== undefined && { stack: conceal(error.stack) }),
  }
}

/** A URL may stand in anything that is said, with a login in it. */
function withoutLogins<Value>(value: Value): Value {
  if (typeof value === 'string') return maskLogins(value) as Value
  if (Array.isArray(value)) return value.map(withoutLogins) as Value
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutLogins(each)])) as Value
}
