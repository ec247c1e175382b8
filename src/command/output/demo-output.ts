import type { DemoCommandSettings } from '../../cli/settings/demo.ts'
import type { DemoEvent } from '../../features/demo/events.ts'
import { demoLines } from '../../render/demo-lines.ts'
import { demoRecord } from '../../render/demo-record.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import type { Terminal } from '../terminal.ts'
import { traceOutput } from './trace-output.ts'

/** Long enough to read a scene, short enough not to wait for it. Nobody reads a pipe. */
const readingMs = 500

interface DemoOutput {
  tell(event: DemoEvent): void
  pause(): Promise<void>
}

/** The demonstration on stdout, and with `--trace` every packet on stderr besides. */
export function demoOutput(terminal: Terminal, { json, trace, program }: DemoCommandSettings): DemoOutput {
  const theme = createTheme(terminal.color)
  const tracePacket = trace === undefined ? undefined : traceOutput(terminal, trace)
  const linesOf = (event: DemoEvent) => (json ? [jsonText(demoRecord(event))] : demoLines(event, { theme, program }))
  return {
    tell: (event) => {
      if (event.event === 'packet') tracePacket?.(event.wire)
      for (const line of linesOf(event)) terminal.writeOut(`${line}\n`)
    },
    pause: () => new Promise((resolve) => setTimeout(resolve, terminal.isTty && !json ? readingMs : 0)),
  }
}
