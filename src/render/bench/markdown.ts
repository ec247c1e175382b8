import type { BenchResult, ThresholdResult } from '../../features/bench/events.ts'
import { durationText } from './figures.ts'
import { resultRows } from './result-rows.ts'

/** The result as a page of a pull request shows it. */
export function resultMarkdown(result: BenchResult): string {
  const { mode, load, qos, target, verdict, thresholds } = result
  return [
    `### mqtt-cli bench ${mode}${load === 'none' ? '' : `, ${load}`}, QoS ${qos}: ${verdict.isValid ? 'valid' : '**not valid**'}`,
    '',
    `Target \`${target}\``,
    '',
    ...table(['figure', 'value'], resultRows(result)),
    ...(thresholds.length === 0
      ? []
      : ['', ...table(['threshold', 'held', 'measured'], thresholds.map(thresholdCells))]),
    ...[...verdict.problems, ...verdict.notes].flatMap((line) => ['', `> ${line}`]),
    '',
  ].join('\n')
}

function thresholdCells({ threshold, held, measured, unit }: ThresholdResult): readonly string[] {
  const figure = unit === 'µs' ? durationText(measured) : `${Math.round(measured * 100) / 100} ${unit}`
  return [`\`${threshold}\``, held ? 'pass' : '**FAIL**', figure]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
