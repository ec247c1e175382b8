import type { BenchSettings } from '../settings.ts'
import type { DuetResult, DuetRun } from './duet-events.ts'
import { loadText } from './load-text.ts'
import { noiseOf, type Sight, sightOf } from './noise.ts'
import type { SideName } from './settings.ts'

interface DuetParts {
  readonly load: BenchSettings
  readonly runId: string
  readonly startedAt: string
  readonly seed: number
  readonly isSelf: boolean
  readonly targets: Readonly<Record<SideName, string>>
  readonly rounds: number
  readonly maxRegression: number
  readonly expected: Sight | undefined
}

interface DuetFindings {
  readonly runs: readonly DuetRun[]
  readonly wholeRounds: number
  readonly comparison?: DuetResult['comparison']
}

/** Everything that a duet found out. */
export function duetResult(parts: DuetParts, { runs, wholeRounds, comparison }: DuetFindings): DuetResult {
  const { load, runId, startedAt, seed, isSelf, targets, rounds, maxRegression, expected } = parts
  return {
    v: 1,
    type: 'bench-duet',
    mode: load.mode,
    load: loadText(load),
    runId,
    startedAt,
    isSelf,
    seed,
    targets,
    rounds: { wanted: rounds, done: wholeRounds },
    runs: runs.map(figuresOf),
    ...(expected && { expected }),
    ...(comparison && { comparison }),
    ...(isSelf && comparison && { sight: sightOf(noiseOf(comparison), rounds, maxRegression) }),
  }
}

function figuresOf({ round, side, start, outcome: { result } }: DuetRun): DuetResult['runs'][number] {
  const { runId, startedAt, verdict } = result
  return { round, side, runId, startedAt, start, isValid: verdict.isValid }
}
