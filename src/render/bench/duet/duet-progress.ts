import type { DuetRun } from '../../../features/bench/duet/duet-events.ts'
import type { Turn } from '../../../features/bench/duet/turns.ts'
import type { Theme } from '../../theme.ts'
import { countText, durationText, percentText, rateText } from '../figures.ts'

/** `round  3 of 10  B  running`. */
export function duetTurnLine(turn: Turn, rounds: number, theme: Theme): string {
  return theme.muted(`${placeText(turn, rounds)}  begins`)
}

/** `round  3 of 10  B  52,341/s  p50 1.05 ms  p99 7.31 ms  lost 0`. */
export function duetRunLine({ outcome, isTainted, ...turn }: DuetRun, rounds: number, theme: Theme): string {
  const { rates, response, acknowledged, connect, mode, arrivals, verdict, ruler } = outcome.result
  const flow = mode === 'conn' ? connect.perSecond : (rates.received ?? rates.sent)
  const times = response ?? acknowledged ?? (mode === 'conn' ? connect.times : undefined)
  const parts = [
    placeText(turn, rounds),
    ...(flow === undefined ? [] : [rateText(flow)]),
    ...(times ? [`p50 ${durationText(times.p50Microseconds)}`, `p99 ${durationText(times.p99Microseconds)}`] : []),
    ...(arrivals?.lost === undefined ? [] : [`lost ${countText(arrivals.lost)}`]),
    ...(isTainted ? [theme.warning(`tainted: this machine changed by ${percentText(ruler?.drift ?? 0)}`)] : []),
    ...(verdict.isValid ? [] : [theme.refused('not valid')]),
  ]
  return parts.join('  ')
}

function placeText({ round, side }: Turn, rounds: number): string {
  return `round ${String(round).padStart(String(rounds).length)} of ${rounds}  ${side.toUpperCase()}`
}
