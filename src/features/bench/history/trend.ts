import { errorFunction, median } from 'simple-statistics'

/** Where values go, one after the other. */
export interface Trend {
  /** From the first to the last, along the line through them: 0.12 is 12 % more. */
  readonly change: number
  /** That values without any direction lie as much in order as these: two-sided. */
  readonly probability: number
}

/** With fewer, even values in perfect order say little. */
const fewestValues = 8
/** Up to so many the orders are counted; above, a normal curve is as good. */
const mostCounted = 40

/**
 * The line is Theil's and Sen's (the median of the slopes between all pairs, of logarithms), which one wild run does not tilt;
 * whether there is a direction at all says Mann-Kendall's test. Undefined of too few.
 */
export function trendOf(values: readonly number[]): Trend | undefined {
  if (values.length < fewestValues) return undefined
  const slopes = pairsOf(values).map(([from, to, distance]) => Math.log(to / from) / distance)
  return { change: Math.exp(median(slopes) * (values.length - 1)) - 1, probability: kendallProbability(values) }
}

function pairsOf(values: readonly number[]): (readonly [from: number, to: number, distance: number])[] {
  return values.flatMap((from, index) => values.slice(index + 1).map((to, further) => [from, to, further + 1] as const))
}

function kendallProbability(values: readonly number[]): number {
  const signs = pairsOf(values).map(([from, to]) => Math.sign(to - from))
  const score = signs.reduce((sum, each) => sum + each, 0)
  const hasTies = signs.includes(0)
  return hasTies || values.length > mostCounted
    ? normalProbability(values, score)
    : exactProbability(values.length, score)
}

/** Of all orders of so many values, the share that is as far from balance: counted by how many pairs stand in reverse. */
function exactProbability(count: number, score: number): number {
  let ways = [1]
  for (let size = 2; size <= count; size++) ways = withOneMore(ways, size)
  const pairs = (count * (count - 1)) / 2
  const reversed = (pairs - Math.abs(score)) / 2
  const all = ways.reduce((sum, each) => sum + each, 0)
  const tail = ways.slice(0, reversed + 1).reduce((sum, each) => sum + each, 0)
  return Math.min(1, (2 * tail) / all)
}

/** One more value can stand before any number of those that are there. */
function withOneMore(ways: readonly number[], size: number): number[] {
  const more = new Array<number>(ways.length + size - 1).fill(0)
  for (const [reversed, count] of ways.entries()) {
    for (let added = 0; added < size; added++) more[reversed + added] = (more[reversed + added] as number) + count
  }
  return more
}

function normalProbability(values: readonly number[], score: number): number {
  const count = values.length
  const ties = [...new Set(values)].map((value) => values.filter((each) => each === value).length)
  const spread = (size: number) => size * (size - 1) * (2 * size + 5)
  const variance = (spread(count) - ties.reduce((sum, size) => sum + spread(size), 0)) / 18
  if (variance === 0) return 1
  return 1 - errorFunction(Math.max(0, Math.abs(score) - 1) / Math.sqrt(variance) / Math.SQRT2)
}
