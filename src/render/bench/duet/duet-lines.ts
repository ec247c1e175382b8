import type { DuetResult } from '../../../features/bench/duet/duet-events.ts'
import type { Guide, Sight } from '../../../features/bench/duet/noise.ts'
import { escapeForTerminal } from '../../escape.ts'
import type { Theme } from '../../theme.ts'
import { comparisonLines } from '../compare/comparison-lines.ts'
import { countText, percentText } from '../figures.ts'

const nameWidth = 14
const cellWidth = 18

/** A duet for people: who was held against whom, in how many rounds, and what came of it. */
export function duetLines(result: DuetResult, theme: Theme): string[] {
  const { targets, rounds, isSelf, comparison, sight, load, seed } = result
  const field = (name: string, text: string, paint = (each: string) => each) =>
    `${theme.muted(name.padEnd(nameWidth))}${paint(escapeForTerminal(text))}`
  return [
    theme.heading(duetTitle(result)),
    field('A', targets.a),
    ...(isSelf ? [] : [field('B', targets.b)]),
    field('load', `${load}, seed ${seed}`),
    ...(rounds.done < rounds.wanted ? [field('partial', partialText(rounds), theme.warning)] : []),
    ...(comparison === undefined ? [] : comparisonLines(comparison, theme).slice(1)),
    ...(sight === undefined ? [] : sightLines(sight, theme)),
  ]
}

/** `bench duet: B (new) against A (base), 10 rounds in turns`. */
export function duetTitle({ isSelf, rounds }: DuetResult): string {
  return `bench duet: ${isSelf ? 'A against itself' : 'B (new) against A (base)'}, ${roundsText(rounds)}`
}

function roundsText({ done }: DuetResult['rounds']): string {
  return `${countText(done)} ${done === 1 ? 'round' : 'rounds'} in turns`
}

function partialText({ wanted, done }: DuetResult['rounds']): string {
  return `it ended before its time: ${done} of ${wanted} rounds are whole, and only these are compared`
}

/** What this machine can see, metric by metric. */
function sightLines({ rounds, change, maxRegression, metrics }: Sight, theme: Theme): string[] {
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(cellWidth)).join('')
  const found = `finds ${percentText(change)} in`
  return [
    theme.muted(
      `${'sight'.padEnd(nameWidth)}${row([`${rounds} rounds see`, found, 'rounds for 95 %'])}   ` +
        `(worse by more than ${percentText(maxRegression)})`,
    ),
    ...metrics.map(
      (each) =>
        `${each.metric.padEnd(nameWidth)}${row([
          percentText(each.smallestChange),
          `${percentText(each.found)} of cases`,
          countText(each.roundsFor95),
        ])}`,
    ),
  ]
}

/** The same in a sentence, before the first round. */
export function expectationText({ rounds, change, metrics }: Sight): string {
  const each = metrics.map(
    ({ metric, smallestChange, roundsFor95 }) =>
      `${metric} ${percentText(smallestChange)} (${percentText(change)} takes ${countText(roundsFor95)} rounds)`,
  )
  return `by the noise that is recorded, ${manyRounds(rounds)} these changes in 95 % of cases: ${each.join(', ')}`
}

/** Where nothing is recorded. */
export function guideText(guide: readonly Guide[], rounds: number, change: number): string {
  const cases = guide.map(
    ({ spread, found }) => `${percentText(found)} of cases where runs vary by ${percentText(spread)}`,
  )
  return (
    `no noise of this load is recorded here: --aa --save FOLDER does it. As a guide, ${manyRounds(rounds)} a change ` +
    `of ${percentText(change)} in ${cases.join(', ')}`
  )
}

function manyRounds(rounds: number): string {
  return rounds === 1 ? 'one round finds' : `${countText(rounds)} rounds find`
}
