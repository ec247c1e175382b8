import type { RulerFigures } from '../fingerprint.ts'
import type { BenchSettings } from '../settings.ts'
import { machineFacts } from '../surroundings/machine-facts.ts'
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
    machine: machineFacts(),
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

function figuresOf({ round, side, start, isTainted, outcome: { result } }: DuetRun): DuetResult['runs'][number] {
  const { runId, startedAt, verdict, ruler } = result
  const { isValid } = verdict
  return {
    round,
    side,
    runId,
    startedAt,
    start,
    isValid,
    ...(hasDrift(ruler) && { rulerDrift: ruler.drift }),
    isTainted,
  }
}

/** A machine that was too busy for its ruler has none. */
function hasDrift(ruler: RulerFigures | undefined): ruler is RulerFigures {
  return ruler !== undefined && Number.isFinite(ruler.drift)
}
