import type { BenchSecond, LatencyFigures } from '../../features/bench/events.ts'
import { escapeForTerminal } from '../escape.ts'
import type { Theme } from '../theme.ts'
import { bytesText, countText, durationText, percentText } from './figures.ts'
import { observedText } from './observed-rows.ts'

/** One second of a run in one line. */
export function secondLine(figures: BenchSecond, theme: Theme): string {
  const { second, phase, response } = figures
  return [
    theme.muted(`${second.toFixed(0).padStart(4)} s ${phase.padEnd(7)}`),
    ...flow(figures),
    ...(response === undefined ? [] : [timesText(response)]),
    ...(observedText(figures) === '' ? [] : [escapeForTerminal(observedText(figures))]),
    theme.muted(`cpu ${percentText(figures.cpu)}  loop ${durationText(figures.loopDelayMaxMicroseconds)}`),
  ].join('  ')
}

function timesText({ p50Microseconds, p95Microseconds, p99Microseconds }: LatencyFigures): string {
  const texts = [p50Microseconds, p95Microseconds, p99Microseconds].map(durationText)
  return ['p50', 'p95', 'p99'].map((name, index) => `${name} ${texts[index]}`).join('  ')
}

function flow({ offered, sent, acked, received, outstanding, payloadBytes, connected }: BenchSecond): string[] {
  const parts: string[] = []
  if (offered > sent) parts.push(`due ${countText(offered)}`)
  if (sent > 0 || offered > 0) parts.push(`sent ${countText(sent)}`)
  if (acked > 0) parts.push(`acked ${countText(acked)}`)
  if (received > 0) parts.push(`received ${countText(received)}`)
  if (outstanding > 0) parts.push(`outstanding ${countText(outstanding)}`)
  if (payloadBytes > 0) parts.push(bytesText(payloadBytes))
  return parts.length === 0 ? [`${countText(connected)} connected`] : parts
}
