import type { Result } from './rounds.ts'
import { type Section, type Target, us, verdictOf } from './section.ts'

export interface LoadRow {
  readonly what: string
  /** The first is ours, and is held against the target. */
  readonly results: readonly Result[]
  readonly target: Target
}

/** The table of load generators by CPU for each message: ours against a figure, the others beside it. */
export function loadSection(rows: readonly LoadRow[]): Section {
  const lines = rows.flatMap(({ what, results, target }) =>
    results.map(({ name, cpuMicroseconds, perSecond }, index) => [
      `${what}, ${name}`,
      us(cpuMicroseconds),
      ...(index === 0 ? [us(target.atMost), verdictOf(cpuMicroseconds, target)] : ['', '']),
      `${Math.round(perSecond / 1000)} k`,
    ]),
  )
  const missed = rows.filter(({ results, target }) => (results[0]?.cpuMicroseconds ?? Infinity) > target.atMost)
  return {
    columns: ['', 'µs', 'at most', 'verdict', 'messages/s'],
    rows: lines,
    missed: missed.map(({ what }) => `bench, ${what}`),
  }
}
