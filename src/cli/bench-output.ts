import type { BenchEvent, BenchResult, BenchSecond } from '../features/bench/events.ts'
import { resultLines } from '../render/bench/result-lines.ts'
import { secondLine } from '../render/bench/second-line.ts'
import { jsonText } from '../render/json-text.ts'
import { createTheme } from '../render/theme.ts'
import type { Terminal } from './terminal.ts'

export interface BenchOutput {
  tell(event: BenchEvent): void
  result(result: BenchResult, seconds: readonly BenchSecond[]): void
}

/** Progress on stderr, a line a second; the result on stdout. */
export function benchOutput(
  terminal: Terminal,
  { json, isQuiet }: { readonly json: boolean; readonly isQuiet: boolean },
): BenchOutput {
  const progress = createTheme(terminal.errorColor)
  return {
    tell: (event) => {
      if (isQuiet || json) return
      if (event.event === 'second') terminal.writeError(secondLine(event.figures, progress))
      else if (event.event === 'note') terminal.writeError(`note: ${event.text}`)
    },
    result: (result, seconds) => {
      const text = json ? jsonText(result) : resultLines(result, seconds, createTheme(terminal.color)).join('\n')
      terminal.writeOut(`${text}\n`)
    },
  }
}
