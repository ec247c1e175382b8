import type { BenchResult, BenchSecond, ThresholdResult } from '../../features/bench/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { countText, durationText } from './figures.ts'
import { configurationTitle, targetText } from './headline.ts'
import { clockErrorCells, latencyCells, latencyColumns, latencyRows } from './latency-table.ts'
import { resultRows } from './result-rows.ts'
import { sparkline } from './sparkline.ts'

const nameWidth = 18
const cellWidth = 9
const longestSparkline = 60
/** The last look comes at the end of measuring: with what moved in a moment, it is no second to compare. */
const shortestShown = 0.5

/** `width`: of the terminal; undefined for a pipe, whose reader wants a line to stay a line. */
export interface LinesLayout {
  readonly theme: Theme
  readonly width?: number
}

/** A whole run for people: the figures, their course, the thresholds, the verdict. */
export function resultLines(result: BenchResult, seconds: readonly BenchSecond[], layout: LinesLayout): string[] {
  const { theme } = layout
  return [
    theme.heading(configurationTitle(result)),
    ...field('broker', targetText(result), layout),
    ...resultRows(result).flatMap(([name, value]) => field(name, value, layout)),
    ...timesTable(result, theme),
    ...course(seconds, layout).flatMap(([name, value]) => field(name, value, layout)),
    ...result.thresholds.flatMap((threshold) => thresholdLines(threshold, layout)),
    ...verdictLines(result, layout),
  ]
}

/** A value that is longer than its line goes on under itself. */
export function field(
  name: string,
  value: string,
  { theme, width }: LinesLayout,
  paint = (text: string) => text,
): string[] {
  const lines = wrapped(escapeForTerminal(value), width === undefined ? undefined : width - nameWidth)
  return lines.map((line, index) => `${theme.muted((index === 0 ? name : '').padEnd(nameWidth))}${paint(line)}`)
}

export function timesTable(result: BenchResult, theme: Theme): string[] {
  const rows = latencyRows(result)
  if (rows.length === 0) return []
  const cells = (texts: readonly string[]) => texts.map((text) => text.padStart(cellWidth)).join('')
  const line = (name: string, texts: readonly string[]) => `${theme.muted(name.padEnd(nameWidth))}${cells(texts)}`
  return [
    theme.muted(`${'times'.padEnd(nameWidth)}${cells(latencyColumns)}`),
    ...rows.flatMap(([name, figures]) => {
      const errors = clockErrorCells(figures)
      return [line(name, latencyCells(figures)), ...(errors === undefined ? [] : [line('  by the clocks', errors)])]
    }),
  ]
}

function course(seconds: readonly BenchSecond[], { width = 80 }: LinesLayout): (readonly [string, string])[] {
  const measured = seconds.filter((each, index) => each.phase === 'measure' && lasts(seconds, index) >= shortestShown)
  if (measured.length < 2) return []
  const room = Math.min(longestSparkline, width - nameWidth - ' up to 1,000,000/s'.length)
  const throughput = measured.map(({ received, sent }) => received || sent)
  const p99 = measured.flatMap(({ response }) => response?.p99Microseconds ?? [])
  const rows: (readonly [string, string])[] = []
  if (throughput.some((each) => each > 0)) {
    rows.push(['throughput', `${sparkline(throughput, room)} up to ${countText(Math.max(...throughput))}/s`])
  }
  if (p99.length > 1) rows.push(['p99', `${sparkline(p99, room)} up to ${durationText(Math.max(...p99))}`])
  return rows
}

function lasts(seconds: readonly BenchSecond[], index: number): number {
  return (seconds[index]?.second ?? 0) - (seconds[index - 1]?.second ?? 0)
}

function thresholdLines(threshold: ThresholdResult, layout: LinesLayout): string[] {
  const { accepted, refused } = layout.theme
  const [word, paint] = threshold.held ? ['pass', accepted] : ['FAIL', refused]
  const said = `${word} ${threshold.words}`
  return field('threshold', said, layout, (line) => line.replace(/^(pass|FAIL)/, (each) => paint(each)))
}

export function verdictLines({ verdict }: Pick<BenchResult, 'verdict'>, layout: LinesLayout): string[] {
  const { accepted, refused } = layout.theme
  return [
    ...field('verdict', verdict.isValid ? 'valid' : 'NOT VALID', layout, verdict.isValid ? accepted : refused),
    ...verdict.problems.flatMap((problem) => field('', problem, layout)),
    ...verdict.notes.flatMap((note) => field('note', note, layout)),
  ]
}

/** Text in lines of at most this many characters, broken between words; a word that is longer stays whole. */
function wrapped(text: string, width: number | undefined): string[] {
  if (width === undefined || text.length <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
