import type { BenchEvent } from '../../features/bench/events.ts'
import type { ScenarioEvent, ScenarioOutcome } from '../../features/bench/scenario/events.ts'
import { disturbanceLine } from '../../render/bench/disturbance-rows.ts'
import { groupBeginsLine, ofGroup, scenarioLines } from '../../render/bench/scenario-lines.ts'
import { secondLine } from '../../render/bench/second-line.ts'
import { escapeForTerminal } from '../../render/escape.ts'
import { jsonText } from '../../render/json-text.ts'
import { createTheme, type Theme } from '../../render/theme.ts'
import type { Terminal } from '../terminal.ts'

interface ScenarioOutput {
  emit(event: ScenarioEvent): void
  result(outcome: ScenarioOutcome): void
}

/** A line a second of each group on stderr; the results on stdout, one group below the other. */
export function scenarioOutput(
  terminal: Terminal,
  { json, isQuiet }: { readonly json: boolean; readonly isQuiet: boolean },
): ScenarioOutput {
  const progress = createTheme(terminal.errorColor)
  return {
    emit: (event) => {
      if (isQuiet || json) return
      const line = progressLine(event, progress)
      if (line !== undefined) terminal.writeError(line)
    },
    result: (outcome) => {
      const layout = { theme: createTheme(terminal.color), ...(terminal.isTty && { width: terminal.width }) }
      const text = json ? jsonText(outcome.result) : scenarioLines(outcome, layout).join('\n')
      terminal.writeOut(`${text}\n`)
    },
  }
}

function progressLine(event: ScenarioEvent, theme: Theme): string | undefined {
  if (event.event === 'group begins') return groupBeginsLine(event.group, event.seconds, theme)
  const line = lineOf(event.of, theme)
  return line === undefined ? undefined : ofGroup(event.group, line, theme)
}

function lineOf(event: BenchEvent, theme: Theme): string | undefined {
  switch (event.event) {
    case 'second':
      return secondLine(event.figures, theme)
    case 'disturbance':
      return disturbanceLine(event.second, event.command, theme)
    case 'note':
      return `note: ${escapeForTerminal(event.text)}`
    default:
      return undefined
  }
}
