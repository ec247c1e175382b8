import { median, quantile } from 'simple-statistics'
import { type Random, seededRandom } from '../../../seeded-random.ts'

/** One run: what it measured, and which start of the broker it belongs to. */
export interface RunValue {
  readonly value: number
  /** Runs of one start of a broker share its memory layout and its caches: they vary together. */
  readonly start: string
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Chance is the same each time: the same results give the same interval. */
const seed = 0x5eed
const resamples = 4000
/** Of 95 %. */
const tails = [0.025, 0.975] as const

/**
 * The 95 % interval of the ratio of medians, `next` to `base`, by a bootstrap in two steps: starts of the broker are drawn,
 * and then runs of each. The unit is the run: seconds of one run depend on each other, and an interval from them is too
 * narrow.
 */
export function ratioInterval(base: readonly RunValue[], next: readonly RunValue[]): Interval {
  const random = seededRandom(seed)
  const drawBase = sampler(base, random)
  const drawNext = sampler(next, random)
  return middle(() => median(drawNext()) / median(drawBase()))
}

/** The same for pairs that were measured one right after the other: the median of their ratios. */
export function pairedRatioInterval(ratios: readonly RunValue[]): Interval {
  const draw = sampler(ratios, seededRandom(seed))
  return middle(() => median(draw()))
}

function middle(statistic: () => number): Interval {
  const drawn = Array.from({ length: resamples }, statistic)
  return { low: quantile(drawn, tails[0]), high: quantile(drawn, tails[1]) }
}

/** Draws as many values as there are, with replacement, first starts and then runs. */
function sampler(runs: readonly RunValue[], random: Random): () => number[] {
  const starts = byStart(runs)
  return () => {
    const drawn: number[] = []
    while (drawn.length < runs.length) {
      const ofStart = oneOf(starts, random)
      for (let count = ofStart.length; count > 0 && drawn.length < runs.length; count--)
        drawn.push(oneOf(ofStart, random).value)
    }
    return drawn
  }
}

/** Runs of the same start of the broker, together. */
export function byStart(runs: readonly RunValue[]): readonly (readonly RunValue[])[] {
  const starts = new Map<string, RunValue[]>()
  for (const run of runs) starts.set(run.start, [...(starts.get(run.start) ?? []), run])
  return [...starts.values()]
}

function oneOf<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T
}
