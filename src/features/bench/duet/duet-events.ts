import type { Comparison } from '../compare/comparison.ts'
import type { BenchEvent, BenchOutcome } from '../events.ts'
import type { Fingerprint } from '../fingerprint.ts'
import type { BenchMode } from '../settings.ts'
import type { Sight } from './noise.ts'
import type { SideName } from './settings.ts'
import type { Turn } from './turns.ts'

/** A run of one side that came to its end. */
export interface DuetRun extends Turn {
  readonly outcome: BenchOutcome
  /** Which start of the broker it belongs to. */
  readonly start: string
  /** This machine changed meanwhile. */
  readonly isTainted: boolean
}

export type DuetEvent =
  | { readonly event: 'turn'; readonly turn: Turn }
  | { readonly event: 'ran'; readonly run: DuetRun }
  | BenchEvent

/** What is told of a run; what it measured is in the comparison. */
interface DuetRunFigures extends Turn {
  readonly runId: string
  readonly startedAt: string
  readonly start: string
  readonly isValid: boolean
  /** How much this machine changed meanwhile, by its own ruler: 0.05 is 5 %. */
  readonly rulerDrift?: number
  /** By so much that some of what it measured is not the broker's. */
  readonly isTainted: boolean
}

/** As `docs/schemas/bench-duet.schema.json` describes it. */
export interface DuetResult {
  readonly v: 1
  readonly type: 'bench-duet'
  readonly mode: BenchMode
  readonly runId: string
  readonly startedAt: string
  /** What is the same in all of its runs: noise is held against its like. */
  readonly load: string
  readonly machine: Fingerprint['machine']
  /** A against itself. */
  readonly isSelf: boolean
  readonly seed: number
  readonly targets: Readonly<Record<SideName, string>>
  /** Whole rounds: both sides ran to their end. */
  readonly rounds: { readonly wanted: number; readonly done: number }
  readonly runs: readonly DuetRunFigures[]
  /** What was to be expected before the first round, from noise that was recorded; absent where none was. */
  readonly expected?: Sight
  /** Of the whole rounds; absent where there is none. */
  readonly comparison?: Comparison
  /** A against itself: what as many rounds can see here. */
  readonly sight?: Sight
}
