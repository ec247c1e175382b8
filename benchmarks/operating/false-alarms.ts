import { compareRuns } from '../../src/features/bench/compare/compare-runs.ts'
import { comparedRuns } from '../../src/features/bench/compare/compared-runs.ts'
import { gateFailure } from '../../src/features/bench/compare/gate.ts'
import { resultsOf } from '../../src/features/bench/compare/results-of.ts'
import { derivedSeed, seededRandom } from '../../src/seeded-random.ts'
import { type MadeUpRun, resultLine } from './made-up-result.ts'
import type { NoiseModel } from './noise-models.ts'

/** Two files of results, and how they are to be compared. */
export interface Trial {
  readonly base: string
  readonly next: string
  readonly isPaired: boolean
}

/** A against A: whatever is found is a false alarm. The same seed and number make the same files. */
export function trialOf(model: NoiseModel, number: number, rounds: number): Trial {
  const { base, next } = model.make(rounds, seededRandom(derivedSeed(20_260_102, number)))
  const file = (runs: readonly MadeUpRun[], first: number) =>
    runs.map((run, index) => `${resultLine(run, first + index)}\n`).join('')
  return { base: file(base, 0), next: file(next, 1000), isPaired: model.isPaired }
}

/** Whether `bench compare --max-regression 0` would exit 9, by all that it does but for its flags and its text. */
export function isAlarm({ base, next, isPaired }: Trial): boolean {
  const [before, after] = [base, next].map((file) => comparedRuns(resultsOf(Buffer.from(file), 'made up')))
  const comparison = compareRuns(before ?? [], after ?? [], { isPaired, maxRegression: 0 })
  return gateFailure(comparison, 'worse') !== undefined
}
