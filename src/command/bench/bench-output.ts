import type { BenchEvent, BenchResult, BenchSecond } from '../../features/bench/events.ts'
import { disturbanceLine } from '../../render/bench/disturbance-rows.ts'
import { liveLine, liveSeconds } from '../../render/bench/live-line.ts'
import { resultLines } from '../../render/bench/result-lines.ts'
import { secondLine } from '../../render/bench/second-line.ts'
import { escapeForTerminal } from '../../render/escape.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import type { Terminal } from '../terminal.ts'

interface BenchOutput {
  emit(event: BenchEvent): void
  result(result: BenchResult, seconds: readonly BenchSecond[]): void
}

/** Progress on stderr, a line a second, with its course where it is a terminal; the result on stdout. */
export function benchOutput(
  terminal: Terminal,
  { json, isQuiet }: { readonly json: boolean; readonly isQuiet: boolean },
): BenchOutput {
  const progress = createTheme(terminal.errorColor)
  const lately: BenchSecond[] = []
  const second = (figures: BenchSecond) => {
    if (!terminal.isErrorTty) return secondLine(figures, progress)
    lately.push(figures)
    if (lately.length > liveSeconds) lately.shift()
    return liveLine(lately, progress, terminal.errorWidth)
  }
  return {
    emit: (event) => {
      if (isQuiet || json) return
      if (event.event === 'second') terminal.writeError(second(event.figures))
      else if (event.event === 'disturbance')
        terminal.writeError(disturbanceLine(event.second, event.command, progress))
      else if (event.event === 'note') terminal.writeError(`note: ${escapeForTerminal(event.text)}`)
    },
    result: (result, seconds) => {
      const layout = { theme: createTheme(terminal.color), ...(terminal.isTty && { width: terminal.width }) }
      const text = json ? jsonText(result) : resultLines(result, seconds, layout).join('\n')
      terminal.writeOut(`${text}\n`)
    },
  }
}
