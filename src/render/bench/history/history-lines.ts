import type { BenchHistory, HistoryMetric, LoadHistory } from '../../../features/bench/history/history.ts'
import { escapeForTerminal } from '../../escape.ts'
import type { Theme } from '../../theme.ts'
import { countText, durationText, percentText, rateText } from '../figures.ts'
import { versionText } from '../headline.ts'
import { courseOf } from '../sparkline.ts'
import { loadTitle } from './load-title.ts'

const nameWidth = 14
const cellWidth = 11
const longestCourse = 40

/** The last results of each load, metric by metric: where they come from, and where they go. */
export function historyLines({ loads, skipped }: BenchHistory, theme: Theme): string[] {
  return [
    ...loads.flatMap((load, index) => [...(index === 0 ? [] : ['']), ...loadLines(load, theme)]),
    ...(loads.length === 0 ? ['no results'] : []),
    ...skipped.map(
      ({ place, problem }) =>
        `${theme.warning('skipped'.padEnd(nameWidth))}${escapeForTerminal(`${place}: ${problem}`)}`,
    ),
  ]
}

function loadLines({ load, kept, runs, metrics }: LoadHistory, theme: Theme): string[] {
  const field = (name: string, text: string) => `${theme.muted(name.padEnd(nameWidth))}${escapeForTerminal(text)}`
  const first = runs[0]?.startedAt ?? ''
  const last = runs.at(-1)?.startedAt ?? ''
  const tainted = runs.filter(({ isTainted }) => isTainted).length
  const invalid = runs.filter(({ isValid }) => !isValid).length
  return [
    theme.heading(escapeForTerminal(loadTitle(load))),
    field(
      'broker',
      load.mqttVersion === undefined ? load.target : `${load.target}, MQTT ${versionText(load.mqttVersion)}`,
    ),
    field('runs', `${countText(runs.length)} of ${countText(kept)}, ${timeText(first)} to ${timeText(last)}`),
    ...(load.machine === undefined ? [] : [field('machine', Object.values(load.machine).join(', '))]),
    ...(tainted === 0 ? [] : [field('tainted', `${countText(tainted)}: this machine changed meanwhile`)]),
    ...(invalid === 0 ? [] : [field('not valid', `${countText(invalid)}, and in no figure`)]),
    theme.muted(
      `${'metric'.padEnd(nameWidth)}${['latest', 'median'].map((each) => each.padStart(cellWidth)).join('')}  course`,
    ),
    ...metrics.map((metric) => metricLine(metric, theme)),
  ]
}

function metricLine(metric: HistoryMetric, theme: Theme): string {
  const value = valueText(metric)
  const measured = metric.values.filter((each) => each !== null)
  const figures = [metric.latest, metric.median].map((each) => value(each).padStart(cellWidth)).join('')
  const course = measured.length > 1 ? `${courseOf(measured, longestCourse)}  ` : ''
  return `${metric.metric.padEnd(nameWidth)}${figures}  ${course}${verdictText(metric, theme)}`.trimEnd()
}

function verdictText({ verdict, trend, values }: HistoryMetric, theme: Theme): string {
  const paint = { better: theme.accepted, worse: theme.refused, some: theme.warning }
  if (trend !== undefined && (verdict === 'better' || verdict === 'worse')) {
    const change = `${trend.change < 0 ? '−' : '+'}${percentText(Math.abs(trend.change))} over them, p ${pText(trend.probability)}`
    return `${paint[verdict](verdict)}: ${change}`
  }
  if (verdict !== 'some') return verdict === 'none' ? '' : theme.muted(verdict)
  const runs = values.filter((value) => value !== null && value > 0).length
  return paint.some(`in ${countText(runs)} of ${countText(values.length)} runs`)
}

function pText(probability: number): string {
  return probability < 0.001 ? '< 0.001' : probability.toFixed(3)
}

function valueText({ unit }: HistoryMetric): (value: number) => string {
  if (unit === 'µs') return durationText
  return unit === 'messages/s' || unit === 'connections/s' ? rateText : countText
}

/** `2026-01-02 03:04`. */
function timeText(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}
