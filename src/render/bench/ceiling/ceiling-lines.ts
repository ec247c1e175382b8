import type { CeilingResult, CurvePoint } from '../../../features/bench/ceiling/events.ts'
import type { SearchStep } from '../../../features/bench/ceiling/search-step.ts'
import type { CeilingAxis } from '../../../features/bench/ceiling/settings.ts'
import { countText, durationText, rateText } from '../figures.ts'
import { configurationTitle, targetText } from '../headline.ts'
import { field, type LinesLayout, timesTable, verdictLines } from '../result-lines.ts'
import { curveRows } from './ceiling-curve.ts'

const nameWidth = 18
const cellWidth = 10
const barWidth = 20
const blocks = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/** The most that a broker does, and every window that was measured for it, as a table with bars. */
export function ceilingLines(result: CeilingResult, layout: LinesLayout): string[] {
  const { confirmed, demands, target } = result
  return [
    layout.theme.heading(ceilingTitle(result)),
    ...field('broker', confirmed === undefined ? target : targetText(confirmed), layout),
    ...field('demanded', demands.join(', '), layout),
    ...field('confirmed', confirmedText(result), layout),
    ...curveTable(result, layout),
    ...(confirmed === undefined ? [] : timesTable(confirmed, layout.theme)),
    ...verdictLines(result, layout),
  ]
}

/** `bench max pubsub, QoS 1, 1 publisher, 1 subscriber`. */
export function ceilingTitle({ mode, confirmed }: CeilingResult): string {
  if (confirmed === undefined) return `bench max ${mode}`
  return `bench max ${mode}, ${configurationTitle(confirmed).split(', ').slice(1).join(', ')}`
}

/** `3,130/s`, `250 connections`, or that there is none. */
export function confirmedText(result: CeilingResult): string {
  const { confirmedRatePerSecond, confirmedConnections = null, confirmedSubscribers = null } = result
  const { measuredSeconds = 0 } = result.curve.findLast(({ kind }) => kind === 'confirm') ?? {}
  const held = `, held for ${measuredSeconds.toFixed(1)} s and once more`
  if (confirmedRatePerSecond !== null) return `${rateText(confirmedRatePerSecond)}${held}`
  if (confirmedConnections !== null) return `${countText(confirmedConnections)} connections${held}`
  return confirmedSubscribers === null ? 'nothing' : `${countText(confirmedSubscribers)} subscribers${held}`
}

/** What takes long is said when it begins. */
export function windowBeginsLine(
  { kind, at }: SearchStep,
  axis: CeilingAxis,
  seconds: number,
  { theme }: LinesLayout,
): string {
  return theme.muted(
    `${kind.padEnd(8)}${amountText(at, axis).padStart(cellWidth)}  for ${durationText(seconds * 1e6)} …`,
  )
}

function amountText(at: number, axis: CeilingAxis): string {
  return axis === 'rate' ? rateText(at) : `${countText(at)} ${axis}`
}

/** One window in a line, as it ends. */
export function windowLine(point: CurvePoint, { theme }: LinesLayout): string {
  const [amount, ...figures] = cellsOf(point)
  const line = `${point.kind.padEnd(8)}${amount!.padStart(cellWidth)}  ${theme.muted(`p50 ${figures[0]}  p99 ${figures[1]}  lost ${figures[2]}`)}  ${outcomeText(point, theme)}`
  return point.reasons.length === 0 ? line : `${line}: ${point.reasons.join('; ')}`
}

function curveTable({ curve, axis }: CeilingResult, { theme }: LinesLayout): string[] {
  if (curve.length === 0) return []
  const head = [axis, 'p50', 'p99', 'lost'].map((name) => name.padStart(cellWidth)).join('')
  const longest = Math.max(...curve.map(({ p99Microseconds }) => p99Microseconds ?? 0))
  const lines = curveRows(curve).map((point) => {
    const cells = cellsOf(point).map((cell) => cell.padStart(cellWidth))
    const bar = theme.sent(barOf(point.p99Microseconds ?? 0, longest))
    return `${theme.muted(point.kind.padEnd(nameWidth))}${cells.join('')}  ${outcomeText(point, theme, 8)}  ${bar}`.trimEnd()
  })
  return [theme.muted(`${'curve'.padEnd(nameWidth)}${head}`), ...lines]
}

function cellsOf(point: CurvePoint): string[] {
  const { ratePerSecond, connections, subscribers, p50Microseconds, p99Microseconds, lost } = point
  const amount = ratePerSecond === undefined ? countText(connections ?? subscribers ?? 0) : rateText(ratePerSecond)
  const times = [p50Microseconds, p99Microseconds].map((each) => (each === null ? '–' : durationText(each)))
  return [amount, ...times, lost === null ? '–' : countText(lost)]
}

function outcomeText({ outcome }: CurvePoint, theme: LinesLayout['theme'], width = 0): string {
  const paint = { held: theme.accepted, failed: theme.refused, unusable: theme.warning }[outcome]
  return paint(outcome.padEnd(width))
}

/** Ten times as long is as much longer as ten times that: from 10 µs to the longest. */
function barOf(microseconds: number, longest: number): string {
  const decades = (value: number) => Math.log10(Math.max(10, value) / 10)
  const eighths = longest <= 10 ? 0 : Math.round((decades(microseconds) / decades(longest)) * barWidth * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + blocks[eighths % 8]
}
