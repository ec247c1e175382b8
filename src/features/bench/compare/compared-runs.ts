import type { BenchResult } from '../events.ts'
import type { ComparedRun } from './comparison.ts'

/** Brokers tell how long they are up every ten seconds or so: two starts that lie this close are one. */
const sameStartMs = 30_000

/** Results as runs of starts of the broker, where it says when it started; else every run is a start of its own. */
export function comparedRuns(results: readonly BenchResult[]): readonly ComparedRun[] {
  const starts = [...new Set(results.flatMap(startOf))].sort((one, other) => one - other)
  return results.map((result) => {
    const [startMs] = startOf(result)
    return { result, start: startMs === undefined ? result.runId : String(firstOf(starts, startMs)) }
  })
}

function startOf({ brokerStartedAt }: BenchResult): readonly number[] {
  const startMs = brokerStartedAt === undefined ? Number.NaN : Date.parse(brokerStartedAt)
  return Number.isNaN(startMs) ? [] : [startMs]
}

/** The earliest of those that lie close to each other up to this one. */
function firstOf(ascending: readonly number[], startMs: number): number {
  let first = startMs
  for (const each of ascending.filter((other) => other < startMs).reverse()) {
    if (first - each > sameStartMs) break
    first = each
  }
  return first
}
