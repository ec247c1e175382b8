import { readFileSync } from 'node:fs'
import type { BenchResult } from '../src/features/bench/events.ts'

/** What `bench --json` wrote into this file. */
export function benchJson(file: string): BenchResult {
  return JSON.parse(readFileSync(file, 'utf8')) as BenchResult
}

/** A benchmark whose figures do not agree with one another is none. */
export function mustAgree(what: string, counts: Readonly<Record<string, number | undefined>>): void {
  const values = new Set(Object.values(counts))
  if (values.size > 1) throw new Error(`${what}: the counts differ: ${JSON.stringify(counts)}`)
}
