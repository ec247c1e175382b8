import type {
  Comparison,
  MetricComparison,
  QuantileShift,
  QuantityComparison,
} from '../../../features/bench/compare/comparison.ts'
import { escapeForTerminal } from '../../escape.ts'
import type { Theme } from '../../theme.ts'
import { countText, durationText, percentText, rateText } from '../figures.ts'

const nameWidth = 14
const cellWidth = 11
const intervalWidth = 20
/** More rounds than anybody makes. */
const mostRounds = 1000

/** A comparison for people: metric by metric, how the distributions lie, what would decide. */
export function comparisonLines(comparison: Comparison, theme: Theme): string[] {
  const { metrics, shifts, differences, notes } = comparison
  return [
    theme.heading(headline(comparison)),
    ...table(metrics, theme),
    ...shiftTable(shifts, theme),
    ...metrics.flatMap((metric) => undecided(metric, theme)),
    ...differences.map(({ what, base, new: next }) =>
      line('differs', `${what}: ${base.join(', ')} against ${next.join(', ')}`, theme),
    ),
    ...notes.map((note) => line('note', note, theme)),
    line('verdict', verdictText(comparison), theme),
  ]
}

function headline({ rounds, maxRegression, isPaired }: Comparison): string {
  const how = isPaired ? 'pairs of runs' : `${runs(rounds.base)} against ${runs(rounds.new)}`
  const bound = `up to ${percentText(maxRegression)} worse is no matter`
  return isPaired ? `bench compare: ${rounds.base} ${how}, ${bound}` : `bench compare: ${how}, ${bound}`
}

function runs(count: number): string {
  return `${countText(count)} ${count === 1 ? 'run' : 'runs'}`
}

function table(metrics: readonly MetricComparison[], theme: Theme): string[] {
  const head = row(['metric', 'base', 'new', 'change', '95 % interval', 'p', 'noise', 'verdict'])
  return [theme.muted(head), ...metrics.map((metric) => metricLine(metric, theme))]
}

function metricLine(metric: MetricComparison, theme: Theme): string {
  const paint = { better: theme.accepted, worse: theme.refused, equal: theme.accepted, unclear: theme.warning }
  const shown = metric.gates ? metric.verdict : `(${metric.verdict})`
  return `${row(metricCells(metric))}  ${paint[metric.verdict](shown)}`
}

/** Name, both sides, change, interval, probability, noise: for every view of them. */
export function metricCells(metric: MetricComparison): readonly string[] {
  if (metric.kind === 'count') {
    return [metric.metric, countText(metric.baseTotal), countText(metric.newTotal), '', '', '', '']
  }
  const { baseMedian, newMedian, ratio, interval, probability, baseSpread, newSpread } = metric
  const value = valueText(metric)
  return [
    metric.metric,
    value(baseMedian),
    value(newMedian),
    changeText(ratio),
    `${changeText(interval.low)} to ${changeText(interval.high)}`,
    probability < 0.001 ? '< 0.001' : probability.toFixed(3),
    percentText(Math.max(baseSpread, newSpread)),
  ]
}

function row(texts: readonly string[]): string {
  const [name = '', base = '', next = '', change = '', interval = '', ...rest] = texts
  const [p = '', noise = '', last] = rest
  const columns = [base, next, change].map((text) => text.padStart(cellWidth)).join('')
  const start = `${name.padEnd(nameWidth)}${columns}${interval.padStart(intervalWidth)}`
  return `${start}${p.padStart(9)}${noise.padStart(8)}${last === undefined ? '' : `  ${last}`}`
}

function valueText({ unit }: QuantityComparison): (value: number) => string {
  return unit === 'µs' ? durationText : rateText
}

/** `+12.3 %`; a minus as long as the plus. */
export function changeText(ratio: number): string {
  const percent = (ratio - 1) * 100
  const digits = Math.abs(percent) >= 100 ? 0 : 1
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(digits)} %`
}

function shiftTable(shifts: readonly QuantileShift[], theme: Theme): string[] {
  if (shifts.length === 0) return []
  const cell = (text: string) => text.padStart(cellWidth)
  const values = (name: string, of: (shift: QuantileShift) => string) =>
    `${theme.muted(name.padEnd(nameWidth))}${shifts.map((shift) => cell(of(shift))).join('')}`
  return [
    theme.muted(`${'all times'.padEnd(nameWidth)}${shifts.map(({ percentile }) => cell(`p${percentile}`)).join('')}`),
    values('base', ({ baseMicroseconds }) => durationText(baseMicroseconds)),
    values('new', ({ newMicroseconds }) => durationText(newMicroseconds)),
    values('change', ({ baseMicroseconds, newMicroseconds }) =>
      changeText(Math.max(newMicroseconds, 1) / Math.max(baseMicroseconds, 1)),
    ),
  ]
}

function undecided(metric: MetricComparison, theme: Theme): string[] {
  if (metric.kind === 'count' || metric.verdict !== 'unclear') return []
  const { moreRounds } = metric
  const rounds =
    moreRounds === undefined || moreRounds > mostRounds
      ? `not even ${countText(mostRounds)} more rounds would decide: it lies on the bound`
      : `${countText(moreRounds)} more ${moreRounds === 1 ? 'round' : 'rounds'} of each would decide, if it is what it seems`
  return [line('unclear', `${metric.metric}: ${rounds}`, theme)]
}

export function verdictText({ metrics, isIndicative }: Comparison): string {
  const said = (verdict: MetricComparison['verdict']) => {
    const names = metrics.filter((each) => each.verdict === verdict).map(({ metric }) => metric)
    return names.length === 0 ? [] : [`${verdict}: ${names.join(', ')}`]
  }
  const all = [...said('worse'), ...said('unclear'), ...said('better'), ...said('equal')].join('; ')
  return isIndicative ? `indicative only (${all})` : all
}

function line(name: string, text: string, theme: Theme): string {
  return `${theme.muted(name.padEnd(nameWidth))}${escapeForTerminal(text)}`
}
