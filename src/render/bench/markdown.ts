import type { BenchResult, ThresholdResult } from '../../features/bench/events.ts'
import { configurationTitle, targetText } from './headline.ts'
import { latencyCellsWithError, latencyColumns, latencyRows } from './latency-table.ts'
import { resultRows } from './result-rows.ts'

/** The result as a page of a pull request shows it. */
export function resultMarkdown(result: BenchResult): string {
  const { verdict, thresholds } = result
  return [
    `### mqtt-cli ${configurationTitle(result)}: ${verdict.isValid ? 'valid' : '**not valid**'}`,
    '',
    `Broker: ${escapeMarkdown(targetText(result))}`,
    ...[...verdict.problems, ...verdict.notes].flatMap((line) => ['', `> ${escapeMarkdown(line)}`]),
    ...(thresholds.length === 0
      ? []
      : ['', ...markdownTable(['threshold', 'held', 'wanted and measured'], thresholds.map(thresholdCells))]),
    '',
    ...markdownTable(['figure', 'value'], resultRows(result)),
    '',
    ...markdownTable(
      ['times', ...latencyColumns],
      latencyRows(result).map(([name, figures]) => [name, ...latencyCellsWithError(figures)]),
    ),
    '',
  ].join('\n')
}

function thresholdCells(threshold: ThresholdResult): readonly string[] {
  return [threshold.threshold, threshold.held ? '✅ pass' : '❌ FAIL', threshold.words]
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map((cells) => line(cells.map(escapeMarkdown)))]
}

/** Words from outside stay words: no markup, no link, no HTML, no end of a line or of a cell. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, ' ')
    .replace(/[&<>\\`*_{}[\]#|~@]/g, (character) =>
      '&<>'.includes(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    )
}
