import type { ErrorDetails, ErrorKind } from '../errors.ts'
import { escapeForTerminal } from './escape.ts'
import { jsonText } from './json-text.ts'
import { createTheme } from './theme.ts'

/** An error as it is told: to people as a block, with `--json` as a line. */
export interface ErrorReport extends Omit<ErrorDetails, 'cause' | 'causes' | 'tries' | 'wording'> {
  readonly kind: ErrorKind | 'bug'
  readonly exitCode: number
  readonly message: string
  readonly causes?: readonly string[]
  readonly tries?: readonly string[]
  /** Only with `--debug`. */
  readonly stack?: string
}

/**
 * What failed, at which layer, the reason code with its name, likely causes, and what to try: one block, no end of line.
 * Escaped wherever it goes: a log is shown on a terminal later, and a CI runner obeys what begins a line.
 */
export function errorBlock(report: ErrorReport, color: boolean): string {
  const theme = createTheme(color)
  const lines = [
    `${theme.refused('error:')} ${theme.heading(escapeForTerminal(report.message))}`,
    ...labelled('at', place(report)),
    ...labelled('rule', rule(report)),
    ...facts(report).flatMap(([name, value]) => labelled(name, [value])),
    ...labelled('likely', report.causes ?? []),
    ...labelled('try', report.tries ?? []),
    ...stackLines(report).map((line) => theme.muted(line)),
  ]
  return lines.join('\n')
}

/** The message at its head may have several lines, and none of them begins a line of ours. */
function stackLines({ stack = '' }: ErrorReport): readonly string[] {
  const marked = (line: string) => (/^ {4}at /.test(line) ? line : `  | ${line}`)
  return stack === '' ? [] : stack.split('\n').map((line) => escapeForTerminal(marked(line)))
}

/** The same, for programs: `docs/schemas/error.schema.json`. No control character stands bare in it. */
export function errorLine({ kind, exitCode, message, ...details }: ErrorReport): string {
  return jsonText({ v: 1, type: 'error', kind, exitCode, message, ...details })
}

function place({ layer, reasonCode, reasonName }: ErrorReport): readonly string[] {
  const code = reasonCode === undefined ? [] : [`reason code ${hex(reasonCode)}${reasonName ? ` ${reasonName}` : ''}`]
  const parts = [...(layer === undefined ? [] : [layer]), ...code]
  return parts.length === 0 ? [] : [parts.join(', ')]
}

function rule({ statement, offset }: ErrorReport): readonly string[] {
  const parts = [
    ...(statement === undefined ? [] : [statement]),
    ...(offset === undefined ? [] : [`at byte ${offset}`]),
  ]
  return parts.length === 0 ? [] : [parts.join(', ')]
}

/** Facts that fit a line; lists and objects are for `--json`. */
function facts({ facts = {} }: ErrorReport): ReadonlyArray<readonly [name: string, value: string]> {
  return Object.entries(facts).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : [],
  )
}

const labelWidth = 8

/** `  likely  a cause`, further ones below it; a longer label keeps its distance. */
function labelled(label: string, texts: readonly string[]): readonly string[] {
  const shown = (text: string, index: number) => `  ${(index === 0 ? label : '').padEnd(labelWidth - 1)} ${text}`
  return texts.map((text, index) => shown(escapeForTerminal(text), index))
}

function hex(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(2, '0')}`
}
