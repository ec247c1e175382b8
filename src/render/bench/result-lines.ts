import type { BenchResult, BenchSecond, ThresholdResult } from '../../features/bench/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { countText, durationText } from './figures.ts'
import { resultRows } from './result-rows.ts'
import { sparkline } from './sparkline.ts'

const nameWidth = 18
const sparklineWidth = 60

/** A whole run for people: the figures, their course, the thresholds, the verdict. */
export function resultLines(result: BenchResult, seconds: readonly BenchSecond[], theme: Theme): string[] {
  const row = (name: string, value: string) => `${theme.muted(name.padEnd(nameWidth))}${escapeForTerminal(value)}`
  return [
    theme.heading(headline(result)),
    ...resultRows(result).map(([name, value]) => row(name, value)),
    ...course(seconds).map(([name, value]) => row(name, value)),
    ...result.thresholds.map((threshold) => thresholdLine(threshold, theme)),
    ...verdictLines(result, theme),
  ]
}

function headline({ mode, load, qos, publishers, subscribers, target, mqttVersion }: BenchResult): string {
  const version = mqttVersion === undefined ? '' : `, MQTT ${{ 3: '3.1', 4: '3.1.1', 5: '5' }[mqttVersion]}`
  const sides = [
    ...(publishers > 0 ? [counted(publishers, 'publisher')] : []),
    ...(subscribers > 0 ? [counted(subscribers, 'subscriber')] : []),
  ]
  return `bench ${mode}${load === 'none' ? '' : `, ${load}`}, QoS ${qos}, ${sides.join(', ')}, ${target}${version}`
}

function counted(count: number, what: string): string {
  return `${countText(count)} ${what}${count === 1 ? '' : 's'}`
}

function course(seconds: readonly BenchSecond[]): (readonly [string, string])[] {
  const measured = seconds.filter(({ phase }) => phase === 'measure')
  if (measured.length < 2) return []
  const throughput = measured.map(({ received, sent }) => received || sent)
  const p99 = measured.flatMap(({ response }) => (response === undefined ? [] : [response.p99Microseconds]))
  const rows: (readonly [string, string])[] = [
    ['throughput', `${sparkline(throughput, sparklineWidth)} up to ${countText(Math.max(...throughput))}/s`],
  ]
  if (p99.length > 1) rows.push(['p99', `${sparkline(p99, sparklineWidth)} up to ${durationText(Math.max(...p99))}`])
  return rows
}

function thresholdLine({ threshold, held, measured, unit }: ThresholdResult, theme: Theme): string {
  const figure =
    unit === 'µs' ? durationText(measured) : Number.isNaN(measured) ? unit : `${countText(measured)} ${unit}`
  const word = held ? theme.accepted('pass') : theme.refused('FAIL')
  return `${theme.muted('threshold'.padEnd(nameWidth))}${word} ${threshold}: measured ${figure}`
}

function verdictLines({ verdict }: BenchResult, theme: Theme): string[] {
  const label = theme.muted('verdict'.padEnd(nameWidth))
  const first = verdict.isValid ? `${label}${theme.accepted('valid')}` : `${label}${theme.refused('NOT VALID')}`
  return [
    first,
    ...verdict.problems.map((problem) => `${' '.repeat(nameWidth)}${problem}`),
    ...verdict.notes.map((note) => `${theme.muted('note'.padEnd(nameWidth))}${note}`),
  ]
}
