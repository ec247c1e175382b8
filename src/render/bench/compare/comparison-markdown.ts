import type { MetricComparison } from '../../../features/bench/compare/comparison.ts'
import { escapeMarkdown, markdownTable } from '../markdown.ts'
import { metricCells, verdictText } from './comparison-lines.ts'
import type { ComparisonView } from './comparison-view.ts'

const marks = { worse: '❌', unclear: '❔', better: '🎉', equal: '✅' }

/** A comparison as the page of a job, or a comment on a pull request, shows it. */
export function comparisonMarkdown({ title, sides, comparison }: ComparisonView): string {
  const { metrics, notes } = comparison
  return [
    `### mqtt-cli ${escapeMarkdown(title)}`,
    '',
    `**${escapeMarkdown(verdictText(comparison))}**`,
    '',
    `Base: ${escapeMarkdown(sides.base)}  `,
    `New: ${escapeMarkdown(sides.new)}`,
    ...notes.flatMap((note) => ['', `> ${escapeMarkdown(note)}`]),
    '',
    ...markdownTable(
      ['metric', 'base', 'new', 'change', '95 % interval', 'p', 'noise', 'verdict'],
      metrics.map((metric) => [...metricCells(metric), verdictCell(metric)]),
    ),
    '',
  ].join('\n')
}

/** In brackets where it decides nothing. */
function verdictCell({ verdict, gates }: MetricComparison): string {
  return `${marks[verdict]} ${gates ? verdict : `(${verdict})`}`
}
