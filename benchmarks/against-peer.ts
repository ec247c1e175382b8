import type { Result } from './rounds.ts'
import { type Section, type Target, times, us, verdictOf } from './section.ts'

export interface PeerRow {
  readonly what: string
  readonly ours: Result
  readonly peer: Result
  readonly target: Target
}

/** The table of a comparison by CPU for each message. */
export function cpuSection(rows: readonly PeerRow[]): Section {
  const judged = rows.map((row) => ({ ...row, ratio: row.ours.cpuMicroseconds / row.peer.cpuMicroseconds }))
  return {
    columns: ['', 'mqtt-cli, µs', 'mosquitto, µs', 'ratio', 'at most', 'verdict', 'mqtt-cli, messages/s', 'mosquitto'],
    rows: judged.map(({ what, ours, peer, ratio, target }) => [
      what,
      us(ours.cpuMicroseconds),
      us(peer.cpuMicroseconds),
      times(ratio),
      times(target.atMost),
      verdictOf(ratio, target),
      rate(ours),
      rate(peer),
    ]),
    missed: judged.filter(({ ratio, target }) => ratio > target.atMost).map(({ what }) => what),
  }
}

function rate({ perSecond }: Result): string {
  return `${Math.round(perSecond / 1000)} k`
}
