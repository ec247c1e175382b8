import type { Advice, Wording } from '../advice.ts'
import { maskLogins } from '../cli/values/broker-url.ts'
import { MqttCliError } from '../errors.ts'
import type { Conceal } from '../protocol/conceal.ts'
import { type ErrorReport, errorBlock, errorLine } from '../render/error-block.ts'
import { type DeclaredFlags, offeredFlags, wordsOf } from './advice.ts'
import { exitCodeOf } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

interface ReportStyle {
  readonly json: boolean
  /** With the stack of a bug. */
  readonly debug: boolean
  /** Only what the user typed wrong is said, as with mosquitto's `--quiet`. */
  readonly quiet: boolean
  /** What an unexpected error says are words of a library, which may hold what we gave it. */
  readonly conceal?: Conceal
  /** Those of the command, for advice that names one. */
  readonly flags?: DeclaredFlags
}

/** One block for people, or one JSON line, on stderr. Loaded when something went wrong, and not before. */
export function reportError(terminal: Terminal, error: unknown, style: ReportStyle): void {
  const isExpected = error instanceof MqttCliError
  if (style.quiet && isExpected && error.kind !== 'usage') return
  const offered = offeredFlags(style.flags ?? {})
  const report = withoutLogins(isExpected ? expected(error, (advice) => wordsOf(advice, offered)) : bug(error, style))
  const text = style.json ? errorLine(report) : errorBlock(report, terminal.errorColor)
  terminal.writeError(text)
}

function expected(error: MqttCliError, word: Wording): ErrorReport {
  const { cause: _, wording, ...details } = error.details
  const { causes, tries } = details
  const said = (all: readonly Advice[]) => all.flatMap((each) => word(each) ?? [])
  return {
    ...(details as Omit<typeof details, 'causes' | 'tries'>), // each keeps its place in the JSON line
    ...(causes && { causes: said(causes) }),
    ...(tries && { tries: said(tries) }),
    kind: error.kind,
    exitCode: exitCodeOf(error),
    message: (wording && word(wording)) ?? error.message,
  }
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
