import type { Advice } from '../../../advice.ts'
import type { ShardClock } from '../clock-figures.ts'
import type { Judged, LatencyFigures, Measure } from '../events.ts'
import { clockGrainMicroseconds } from '../messages/message-matcher.ts'

/** A median that the clocks leave open by more than this part of it says nothing. */
const mostOfMedian = 0.1

/**
 * Whether a message came before it was sent by so much that the times say nothing: more than the figure itself.
 * `clockError`: what is known to be uncertain of them anyway.
 */
export function doClocksDisagree(
  earlyMicroseconds: number,
  { p50Microseconds }: LatencyFigures,
  clockError: Measure | undefined,
): boolean {
  if (earlyMicroseconds <= (clockError ?? 0)) return false
  return earlyMicroseconds > clockGrainMicroseconds || earlyMicroseconds > (p50Microseconds ?? 0)
}

/** The largest of those whose messages came here; null where one is not known, undefined where there is one clock only. */
export function clockErrorOf(clocks: readonly ShardClock[]): Measure | undefined {
  if (clocks.length === 0) return undefined
  const errors = clocks.map(({ errorMicroseconds }) => errorMicroseconds)
  return errors.includes(null) ? null : Math.max(...errors.map(Number))
}

/** `p50Microseconds`: of the times as they were taken. */
export function isTooUncertain(clockError: Measure | undefined, p50Microseconds: Measure): boolean {
  if (clockError === undefined || p50Microseconds === null) return false
  return clockError === null || clockError > p50Microseconds * mostOfMedian
}

/** Refused, and never 0. What a load that saturates is asked for is its throughput: there it is a note. */
export function clockProblems(result: Judged): Advice[] {
  return result.load === 'saturate' ? earlyProblems(result) : [...earlyProblems(result), ...uncertainTimes(result)]
}

/** Of clocks that were looked at, and leave more open than the figure can bear. */
function uncertainTimes({ response, arrivals, shard }: Judged): Advice[] {
  const { clockErrorMicroseconds: error, count } = response ?? {}
  if (error === undefined || count !== 0 || (arrivals?.received ?? 0) === 0) return []
  if (error === null) {
    const silent = shard?.clocks?.filter((each) => each.errorMicroseconds === null).map((each) => each.shard) ?? []
    const because = `nobody knows how the clocks of shards ${silent.join(', ')} stood to ours: they did not answer before the load and after it, and no latency is told`
    return [{ try: 'one-clock', because }]
  }
  const drift = Math.max(0, ...(shard?.clocks ?? []).map((each) => Math.abs(each.driftPerMillion ?? 0)))
  const because = `the clocks of the machines are known to ±${error} µs, which is more than a tenth of the median, and no latency is told (they drifted by ${drift.toFixed(1)} µs a second; the rest is half of the quickest round trip)`
  return [{ try: 'one-clock', because }]
}

function earlyProblems({ earlyMicroseconds = 0, response }: Judged): string[] {
  if (earlyMicroseconds === 0 || response === undefined || response.count > 0) return []
  const ahead =
    earlyMicroseconds < 1e6 ? `${(earlyMicroseconds / 1e3).toFixed(1)} ms` : `${(earlyMicroseconds / 1e6).toFixed(1)} s`
  return [
    `messages came up to ${ahead} before they were sent: the clock of their publisher is ahead of ours, and no latency is told; set both clocks by NTP, or publish and subscribe on one machine`,
  ]
}

/** What is in no time, and why. */
export function clockNotes(result: Judged): Advice[] {
  const { earlyMicroseconds = 0, response, arrivals } = result
  const notes: Advice[] = result.load === 'saturate' ? uncertainTimes(result) : []
  if (response !== undefined && response.count > 0 && result.service?.count === 0) {
    notes.push(
      `the service time is shorter than the clocks of the machines can tell (±${response.clockErrorMicroseconds} µs)`,
    )
  }
  if (earlyMicroseconds > (response?.clockErrorMicroseconds ?? 0) && (response?.count ?? 0) > 0) {
    notes.push(`the clocks differ by ${earlyMicroseconds} µs or more: times are no more exact than that`)
  }
  const { backlog = 0 } = arrivals ?? {}
  if (backlog > 0) {
    notes.push(
      `${backlog} messages were sent before this run began: they waited in a session, or the clock of their publisher is behind ours; no time is told of them`,
    )
  }
  return notes
}
