import type { WireEvent } from '../../protocol/session/wire-event.ts'
import { type Concealer, concealEvent } from '../../render/conceal-finding.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import { traceLine } from '../../render/trace-line.ts'
import { traceRecord } from '../../render/trace-record.ts'
import type { Terminal } from '../terminal.ts'

/** Draws the wire's events on stderr as they pass, one line each, without what a server repeats of our secrets. */
export function traceOutput(
  terminal: Terminal,
  format: 'text' | 'json',
  concealer?: Concealer,
): (event: WireEvent) => void {
  const write = traceWriter(terminal, format)
  return concealer === undefined ? write : (event) => write(concealEvent(event, concealer))
}

function traceWriter(terminal: Terminal, format: 'text' | 'json'): (event: WireEvent) => void {
  if (format === 'json') return (event) => terminal.writeError(jsonText(traceRecord(event)))
  const theme = createTheme(terminal.errorColor)
  return (event) => terminal.writeError(traceLine(event, theme))
}
