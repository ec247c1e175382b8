import { median, medianAbsoluteDeviation } from 'simple-statistics'
import type { QuantityComparison } from './comparison.ts'
import { rankSumProbability, signedRankProbability } from './rank-tests.ts'
import { byStart, type Interval, pairedRatioInterval, type RunValue, ratioInterval } from './ratio-interval.ts'
import { runCorrelation, widened } from './run-correlation.ts'

/** Of a normal curve: its standard deviation over the median distance from its middle. */
const deviationOfMedianDistance = 1.4826
/** Of a normal curve: half the width of a 95 % interval, and what finds a change in 95 % of cases, in standard errors. */
export const confidence = 1.96
export const power = 1.645

export interface Estimate extends Pick<QuantityComparison, 'ratio' | 'interval' | 'probability' | 'correlation'> {
  readonly rounds: number
}

/** How far apart two sides lie, and how sure that is. */
export function estimateUnpaired(base: readonly RunValue[], next: readonly RunValue[]): Estimate {
  const units = unitsOf(base, next)
  const ratio = median(plain(next)) / median(plain(base))
  const correlation = runCorrelation(units)
  return {
    ratio,
    interval: widened(ratioInterval(base, next), ratio, correlation),
    probability: rankSumProbability(...units),
    correlation,
    rounds: Math.min(base.length, next.length),
  }
}

/** Runs of one start of the broker go together: where there are several starts, the test is of the starts. */
function unitsOf(base: readonly RunValue[], next: readonly RunValue[]): [readonly number[], readonly number[]] {
  const [before, after] = [byStart(base), byStart(next)]
  if (before.length === 1 || after.length === 1) return [plain(base), plain(next)]
  return [before.map((runs) => median(plain(runs))), after.map((runs) => median(plain(runs)))]
}

/** The same for pairs of runs that were measured one right after the other: what drifts moves both. */
export function estimatePaired(base: readonly RunValue[], next: readonly RunValue[]): Estimate {
  const ratios = next.map(({ value, start }, index) => ({ value: value / (base[index] as RunValue).value, start }))
  return {
    ratio: median(plain(ratios)),
    interval: pairedRatioInterval(ratios),
    probability: signedRankProbability(plain(ratios)),
    correlation: 0, // what drifts is on both sides of a pair
    rounds: ratios.length,
  }
}

/** The smallest change that is found in 95 % of cases, where up to `maxRegression` is no matter. */
export function smallestChange({ interval }: Estimate, maxRegression: number): number {
  return (1 + maxRegression) * Math.exp((confidence + power) * standardError(interval)) - 1
}

/**
 * So many more rounds put the whole interval on one side of the bound that it lies across, in 95 % of cases, if the ratio is
 * what it seems. Undefined where it seems to lie right on a bound.
 */
export function moreRounds({ ratio, interval, rounds }: Estimate, maxRegression: number): number | undefined {
  const bound = Math.log(1 + maxRegression)
  const distance = Math.min(Math.abs(Math.log(ratio) - bound), Math.abs(Math.log(ratio) + bound))
  if (distance === 0) return undefined
  const needed = rounds * (((confidence + power) * standardError(interval)) / distance) ** 2
  return Math.max(1, Math.ceil(needed) - rounds)
}

/** How much runs of the same thing vary: the deviation of their logarithm, in a form that one wild run does not move. */
export function relativeSpread(runs: readonly RunValue[]): number {
  return deviationOfMedianDistance * medianAbsoluteDeviation(plain(runs).map(Math.log))
}

export function plain(runs: readonly RunValue[]): number[] {
  return runs.map(({ value }) => value)
}

export function standardError({ low, high }: Interval): number {
  return (Math.log(high) - Math.log(low)) / (2 * confidence)
}
