import type { DuetEvent, DuetResult } from '../../features/bench/duet/duet-events.ts'
import { duetLines } from '../../render/bench/duet/duet-lines.ts'
import { duetRunLine, duetTurnLine } from '../../render/bench/duet/duet-progress.ts'
import { escapeForTerminal } from '../../render/escape.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme } from '../../render/theme.ts'
import type { Terminal } from '../terminal.ts'

interface DuetOutput {
  emit(event: DuetEvent): void
  result(result: DuetResult): void
}

/** A line for each run on stderr; what they come to on stdout. */
export function duetOutput(
  terminal: Terminal,
  { json, isQuiet, rounds }: { readonly json: boolean; readonly isQuiet: boolean; readonly rounds: number },
): DuetOutput {
  const progress = createTheme(terminal.errorColor)
  const told = new Set<string>()
  const note = (text: string) => {
    if (told.has(text)) return // every run finds the same
    told.add(text)
    terminal.writeError(`note: ${escapeForTerminal(text)}`)
  }
  return {
    emit: (event) => {
      if (isQuiet || json) return
      if (event.event === 'turn' && terminal.isErrorTty) terminal.writeError(duetTurnLine(event.turn, rounds, progress))
      else if (event.event === 'ran') terminal.writeError(duetRunLine(event.run, rounds, progress))
      else if (event.event === 'note') note(event.text)
    },
    result: (result) => {
      const text = json ? jsonText(result) : duetLines(result, createTheme(terminal.color)).join('\n')
      terminal.writeOut(`${text}\n`)
    },
  }
}
