import type { Judged, LatencyFigures } from '../events.ts'
import { clockGrainMicroseconds } from '../messages/message-matcher.ts'

/** Whether a message came before it was sent by so much that the times say nothing: more than the figure itself. */
export function doClocksDisagree(earlyMicroseconds: number, { p50Microseconds }: LatencyFigures): boolean {
  return (
    earlyMicroseconds > clockGrainMicroseconds || (earlyMicroseconds > 0 && earlyMicroseconds > (p50Microseconds ?? 0))
  )
}

/** Refused, and never 0. */
export function clockProblems({ earlyMicroseconds = 0, response }: Judged): string[] {
  if (earlyMicroseconds === 0 || response === undefined || response.count > 0) return []
  const ahead =
    earlyMicroseconds < 1e6 ? `${(earlyMicroseconds / 1e3).toFixed(1)} ms` : `${(earlyMicroseconds / 1e6).toFixed(1)} s`
  return [
    `messages came up to ${ahead} before they were sent: the clock of their publisher is ahead of ours, and no latency is told; set both clocks by NTP, or publish and subscribe on one machine`,
  ]
}

/** What is in no time, and why. */
export function clockNotes({ earlyMicroseconds = 0, response, arrivals }: Judged): string[] {
  const notes: string[] = []
  if (earlyMicroseconds > 0 && (response?.count ?? 0) > 0) {
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
