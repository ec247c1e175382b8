import { median } from 'simple-statistics'
import { compareRuns } from '../../src/features/bench/compare/compare-runs.ts'
import { comparedRuns } from '../../src/features/bench/compare/compared-runs.ts'
import { gateFailure } from '../../src/features/bench/compare/gate.ts'
import { resultsOf } from '../../src/features/bench/compare/results-of.ts'
import { derivedSeed, type Random, seededRandom } from '../../src/seeded-random.ts'
import { resultLine } from './made-up-result.ts'
import { gaussian } from './noise-models.ts'

/** How far a run is from what all are on the average: 1.02 is 2 % above. */
export type Draw = (random: Random) => number

export interface Power {
  /** The part of the trials in which the change was found. */
  readonly found: number
  /** What the comparison itself says it would find in 95 % of cases: the median of the trials. */
  readonly smallestChange: number
}

const maxRegression = 0.05
const ladder = [6, 8, 10, 14, 20, 28, 40, 56]
const wanted = 0.95

/** A load that is slower by `change`, compared by `bench compare`'s own means in files that hold one figure a run. */
export function powerOf(draw: Draw, change: number, rounds: number, trials: number): Power {
  const outcomes = Array.from({ length: trials }, (_, number) => {
    const random = seededRandom(derivedSeed(7_101_202, rounds, number))
    const [base, next] = [fileOf(draw, 1, rounds, random), fileOf(draw, 1 + change, rounds, random)]
    const comparison = compareRuns(runsOf(base), runsOf(next), { isPaired: true, maxRegression })
    const [metric] = comparison.metrics
    const smallest = metric?.kind === 'quantity' ? metric.smallestChange : Number.NaN
    return { isFound: gateFailure(comparison, 'worse') !== undefined, smallest }
  })
  return {
    found: outcomes.filter(({ isFound }) => isFound).length / trials,
    smallestChange: median(outcomes.map(({ smallest }) => smallest)),
  }
}

/** The rounds, of some that were tried, in which the change is found in 95 % of cases; undefined where all are too few. */
export function roundsFor(draw: Draw, change: number, trials: number): number | undefined {
  return ladder.find((rounds) => powerOf(draw, change, rounds, trials).found >= wanted)
}

/** The same by calculation, from what so many rounds find: the error of a median falls with the root of their number. */
export function roundsReckoned({ smallestChange }: Power, change: number, rounds: number): number {
  const inUnits = Math.log((1 + smallestChange) / (1 + maxRegression)) / Math.log((1 + change) / (1 + maxRegression))
  return Math.ceil(rounds * inUnits ** 2)
}

/** Runs that vary by so much, as a bell curve of their logarithm. */
export function bell(deviation: number): Draw {
  return (random) => Math.exp(deviation * gaussian(random))
}

/** Runs as they were recorded, drawn again and again. */
export function drawnFrom(values: readonly number[]): Draw {
  const middle = median([...values])
  return (random) => (values[Math.floor(random() * values.length)] as number) / middle
}

function fileOf(draw: Draw, factor: number, rounds: number, random: Random): Buffer {
  const lines = Array.from({ length: rounds }, (_, index) =>
    resultLine({ level: factor * draw(random), tail: 1 }, index, 'rate alone'),
  )
  return Buffer.from(lines.join('\n'))
}

function runsOf(file: Buffer) {
  return comparedRuns(resultsOf(file, 'made up'))
}
