import type { BenchResult, DisturbanceFigures } from '../../features/bench/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'

/** More of what a command said is in the JSON. */
const mostOutputShown = 200

/** Among the lines of seconds, when it begins. */
export function disturbanceLine(second: number, command: string, theme: Theme): string {
  return `${theme.muted(`${second.toFixed(0).padStart(4)} s`)} ${theme.warning(`disturbed: ${escapeForTerminal(command)}`)}`
}

/** What was run, when, and how it ended. */
export function disturbanceRows({ disturbances = [] }: BenchResult): (readonly [name: string, value: string])[] {
  return disturbances.map((each) => ['disturbed', [whenText(each), each.command, endText(each)].join(': ')] as const)
}

function whenText({ dueSecond, beganSecond }: DisturbanceFigures): string {
  return beganSecond === null ? `due at ${dueSecond.toFixed(1)} s` : `at ${beganSecond.toFixed(1)} s`
}

function endText({ beganSecond, endedSecond, exitCode, signal, wasKilled, output }: DisturbanceFigures): string {
  if (beganSecond === null) return 'not run, the load was over before'
  const how = exitCode === null ? (signal === null ? 'could not be run' : `ended by ${signal}`) : `exit ${exitCode}`
  const killed = wasKilled ? 'still running at the end, and killed' : how
  const took = endedSecond === null || wasKilled ? '' : ` after ${(endedSecond - beganSecond).toFixed(1)} s`
  return `${killed}${took}${saidText(output)}`
}

function saidText(output: string): string {
  const text = output.replaceAll(/\s+/g, ' ').trim()
  return text === '' ? '' : `; it said: ${text.length > mostOutputShown ? `${text.slice(0, mostOutputShown)} …` : text}`
}
