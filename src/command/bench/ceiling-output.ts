import type { CeilingEvent, CeilingResult } from '../../features/bench/ceiling/events.ts'
import { ceilingLines, windowBeginsLine, windowLine } from '../../render/bench/ceiling/ceiling-lines.ts'
import { escapeForTerminal } from '../../render/escape.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import type { Terminal } from '../terminal.ts'

interface CeilingOutput {
  emit(event: CeilingEvent): void
  result(result: CeilingResult): void
}

/** A line a window on stderr; what was confirmed, and the curve, on stdout. */
export function ceilingOutput(
  terminal: Terminal,
  { json, isQuiet }: { readonly json: boolean; readonly isQuiet: boolean },
): CeilingOutput {
  const progress = { theme: createTheme(terminal.errorColor) }
  return {
    emit: (event) => {
      if (!isQuiet && !json) terminal.writeError(progressLine(event, progress))
    },
    result: (result) => {
      const layout = { theme: createTheme(terminal.color), ...(terminal.isTty && { width: terminal.width }) }
      terminal.writeOut(`${json ? jsonText(result) : ceilingLines(result, layout).join('\n')}\n`)
    },
  }
}

function progressLine(event: CeilingEvent, layout: Parameters<typeof windowLine>[1]): string {
  switch (event.event) {
    case 'window begins':
      return windowBeginsLine(event.step, event.axis, event.seconds, layout)
    case 'window':
      return windowLine(event.point, layout)
    case 'not at rest':
      return layout.theme.muted('rest: the broker is not yet what it was')
    case 'note':
      return `note: ${escapeForTerminal(event.text)}`
  }
}
