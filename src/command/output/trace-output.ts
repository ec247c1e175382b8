import type { WireEvent } from '../../protocol/session/wire-event.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import { traceLine } from '../../render/trace-line.ts'
import { traceRecord } from '../../render/trace-record.ts'
import type { Terminal } from '../terminal.ts'

/** Draws the wire's events on stderr as they pass, one line each. */
export function traceOutput(terminal: Terminal, format: 'text' | 'json'): (event: WireEvent) => void {
  if (format === 'json') return (event) => terminal.writeError(jsonText(traceRecord(event)))
  const theme = createTheme(terminal.errorColor)
  return (event) => terminal.writeError(traceLine(event, theme))
}
