import { mean } from 'simple-statistics'
import type { Interval } from './ratio-interval.ts'

/** With fewer runs it cannot be told, and below the second number it is as likely chance. */
const fewestRuns = 6
const leastTold = 0.3
const most = 0.9

/**
 * How far each run goes with the one before, from 0 to 1: on a machine that drifts they do. Of few runs the plain figure is too
 * low, by 1/n for the middle that was taken from them and by 4/n of itself.
 */
export function runCorrelation(sides: readonly (readonly number[])[]): number {
  const runs = Math.min(...sides.map((side) => side.length))
  if (runs < fewestRuns) return 0
  const deviations = sides.map((side) => deviationsOf(side))
  const together = sum(
    deviations.map((side) => sum(side.slice(1).map((each, index) => each * (side[index] as number)))),
  )
  const alone = sum(deviations.map((side) => sum(side.map((each) => each ** 2))))
  if (alone === 0) return 0
  const found = (together / alone + 1 / runs) / (1 - 4 / runs)
  return found < leastTold ? 0 : Math.min(most, found)
}

/** Runs that go together count for fewer: the interval is as wide as that of so many that do not. */
export function widened({ low, high }: Interval, ratio: number, correlation: number): Interval {
  const factor = Math.sqrt((1 + correlation) / (1 - correlation))
  return { low: ratio * (low / ratio) ** factor, high: ratio * (high / ratio) ** factor }
}

function deviationsOf(side: readonly number[]): readonly number[] {
  const logarithms = side.map(Math.log)
  const middle = mean(logarithms)
  return logarithms.map((each) => each - middle)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
