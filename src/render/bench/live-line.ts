import type { BenchSecond } from '../../features/bench/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { bytesText, countText, durationText, percentText } from './figures.ts'
import { observedText } from './observed-rows.ts'
import { sparkline } from './sparkline.ts'

/** As many seconds as the longest sparkline shows. */
export const liveSeconds = 24
const shortestSparkline = 6

/** What one reads first is left out last. */
type Detail = 'broker' | 'bytes' | 'loop' | 'phase' | 'cpu' | 'out' | 'p50' | 'due'
const leftOutFirst: readonly Detail[] = ['bytes', 'loop', 'phase', 'cpu', 'out', 'p50', 'broker', 'due']

type Part = readonly [text: string, paint: 'muted' | 'plain' | 'warning', detail?: Detail]
const throughputBars = 'throughput bars'
const p99Bars = 'p99 bars'

/**
 * The last of these seconds in one line of a terminal, with the course of throughput and p99 so far. What does not fit
 * into the width is left out: a line that wraps is no table.
 */
export function liveLine(seconds: readonly BenchSecond[], theme: Theme, width: number): string {
  const last = seconds.at(-1)
  if (last === undefined) return ''
  const parts = fitting(partsOf(last), width - 1)
  const bars = parts.filter(([text]) => text === throughputBars || text === p99Bars).length
  const room = width - 1 - widthWithoutBars(parts)
  const each = Math.max(shortestSparkline, Math.min(liveSeconds, Math.floor(room / Math.max(1, bars))))
  const timed = seconds.filter(({ response }) => response !== undefined)
  return parts
    .map(([text, paint]) => {
      if (text === throughputBars) return theme.accepted(bar(seconds, throughputOf, each))
      if (text === p99Bars) return theme.sent(bar(timed, ({ response }) => response?.p99Microseconds ?? 0, each))
      return paint === 'plain' ? text : theme[paint](text)
    })
    .join('  ')
    .trimEnd()
}

function partsOf(second: BenchSecond): Part[] {
  const { offered, sent, received, acked, outstanding, payloadBytes, response, connected } = second
  const parts: Part[] = [
    [`${second.second.toFixed(0).padStart(4)} s`, 'muted'],
    [second.phase.padEnd(7), 'muted', 'phase'],
  ]
  const isMoving = offered + sent + received > 0
  if (isMoving) parts.push([throughputBars, 'plain'])
  const [count, what] = received > 0 ? [received, 'in'] : acked > 0 ? [acked, 'acked'] : [sent, 'out']
  parts.push(
    isMoving ? [`${countText(count).padStart(9)} ${what}`, 'plain'] : [`${countText(connected)} connected`, 'plain'],
  )
  if (offered > sent * 1.01 + 1) parts.push([`${countText(offered)} due`, 'warning', 'due'])
  if (outstanding > 0) parts.push([`${countText(outstanding)} outstanding`, 'muted', 'out'])
  if (isMoving) parts.push([`${bytesText(payloadBytes).padStart(7)}`, 'muted', 'bytes'])
  if (response !== undefined) {
    parts.push([`p50 ${durationText(response.p50Microseconds).padStart(7)}`, 'plain', 'p50'])
    parts.push([`p99 ${durationText(response.p99Microseconds).padStart(7)}`, 'plain'], [p99Bars, 'plain'])
  }
  const broker = escapeForTerminal(observedText(second))
  if (broker !== '') parts.push([broker, 'plain', 'broker'])
  parts.push([`cpu ${percentText(second.cpu)}`, 'muted', 'cpu'])
  parts.push([`loop ${durationText(second.loopDelayMaxMicroseconds)}`, 'muted', 'loop'])
  return parts
}

function fitting(parts: readonly Part[], width: number): readonly Part[] {
  let shown = parts
  for (const detail of leftOutFirst) {
    const bars = shown.filter(([text]) => text === throughputBars || text === p99Bars).length
    if (widthWithoutBars(shown) + bars * shortestSparkline <= width) return shown
    shown = shown.filter(([, , each]) => each !== detail)
  }
  return shown
}

function widthWithoutBars(parts: readonly Part[]): number {
  const texts = parts.map(([text]) => (text === throughputBars || text === p99Bars ? '' : text))
  return texts.join('  ').length
}

function bar(seconds: readonly BenchSecond[], of: (second: BenchSecond) => number, width: number): string {
  return sparkline(seconds.slice(-width).map(of), width).padEnd(width)
}

function throughputOf({ received, sent }: BenchSecond): number {
  return received || sent
}
