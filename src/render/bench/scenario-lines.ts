import type { GroupResult, ScenarioOutcome } from '../../features/bench/scenario/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { resultLines } from './result-lines.ts'

interface Layout {
  readonly theme: Theme
  readonly width?: number
}

/** What came of each group, under its name. */
export function scenarioLines({ result, outcomes }: ScenarioOutcome, layout: Layout): readonly string[] {
  const { theme } = layout
  const groups = result.groups.flatMap((group) => {
    const outcome = outcomes.get(group.name)
    const figures =
      outcome === undefined ? [theme.refused(whyNot(group))] : resultLines(outcome.result, outcome.seconds, layout)
    return ['', theme.heading(`group ${escapeForTerminal(group.name)}${beginText(group)}`), ...figures]
  })
  return [`scenario ${escapeForTerminal(result.name)}, ${result.groups.length} groups`, ...groups]
}

function beginText({ startedSeconds }: GroupResult): string {
  return startedSeconds === undefined ? '' : `, begun at ${startedSeconds.toFixed(1)} s`
}

function whyNot({ failure }: GroupResult): string {
  return failure === undefined ? 'not run: the scenario was stopped before' : escapeForTerminal(failure.message)
}

export function groupBeginsLine(group: string, seconds: number, theme: Theme): string {
  return ofGroup(group, `begins at ${seconds.toFixed(1)} s`, theme)
}

export function ofGroup(group: string, line: string, theme: Theme): string {
  return `${theme.heading(escapeForTerminal(group))} ${line}`
}
