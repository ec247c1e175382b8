import { errorFunction } from 'simple-statistics'

/** Above this many runs a normal curve is as good as counting all the ways in which their ranks can be dealt out. */
const mostCounted = 60

/**
 * How likely two sets of runs lie as far apart as these by chance: Mann-Whitney's test, two-sided. All ways to deal out the
 * ranks are counted, ties included: of six runs against six a normal curve says too little.
 */
export function rankSumProbability(base: readonly number[], next: readonly number[]): number {
  const doubled = doubledRanks([...base, ...next])
  const sum = total(doubled.slice(base.length))
  return doubled.length <= mostCounted
    ? tailOf(waysToDraw(doubled, next.length), sum)
    : normalProbability(sum, rankSumMoments(doubled, next.length))
}

/** The same for pairs: Wilcoxon's signed-rank test of their ratios against 1; a ratio of 1 says nothing, and is left out. */
export function signedRankProbability(ratios: readonly number[]): number {
  const differences = ratios.map((ratio) => Math.log(ratio)).filter((difference) => difference !== 0)
  const doubled = doubledRanks(differences.map(Math.abs))
  const sum = total(doubled.filter((_, index) => (differences[index] as number) > 0))
  return doubled.length <= mostCounted
    ? tailOf(waysToSign(doubled), sum)
    : normalProbability(sum, { mean: total(doubled) / 2, variance: total(doubled.map((rank) => rank ** 2)) / 4 })
}

/** Holm's correction: several questions to the same runs, and at most 5 % that any of them is answered wrongly. */
export function holm(probabilities: readonly number[]): readonly number[] {
  const corrected = [...probabilities]
  const ascending = probabilities.map((_, index) => index).sort((one, other) => at(one) - at(other))
  let least = 0
  for (const [place, index] of ascending.entries()) {
    least = Math.max(least, Math.min(1, at(index) * (probabilities.length - place)))
    corrected[index] = least
  }
  return corrected

  function at(index: number): number {
    return probabilities[index] as number
  }
}

/** Twice the rank of each value, so that those of equal values, which share the middle of theirs, are whole too. */
function doubledRanks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return 2 * below + equal + 1
  })
}

/** In how many ways that many of these ranks have each sum. */
function waysToDraw(ranks: readonly number[], drawn: number): Float64Array {
  const ways = Array.from({ length: drawn + 1 }, (_, count) => waysOf(ranks, count === 0))
  for (const rank of ranks) {
    for (let count = drawn; count > 0; count--)
      addShifted(ways[count] as Float64Array, ways[count - 1] as Float64Array, rank)
  }
  return ways[drawn] as Float64Array
}

/** In how many ways these ranks, each counted or not, have each sum. */
function waysToSign(ranks: readonly number[]): Float64Array {
  const ways = waysOf(ranks, true)
  for (const rank of ranks) addShifted(ways, ways, rank)
  return ways
}

/** None yet for any sum; or one, of nothing, which has the sum 0. */
function waysOf(ranks: readonly number[], hasNothing: boolean): Float64Array {
  const ways = new Float64Array(total(ranks) + 1)
  if (hasNothing) ways[0] = 1
  return ways
}

/** From the highest sum down: none is counted twice, also where both are the same array. */
function addShifted(to: Float64Array, from: Float64Array, rank: number): void {
  for (let sum = to.length - 1; sum >= rank; sum--) to[sum] = (to[sum] as number) + (from[sum - rank] as number)
}

function tailOf(ways: Float64Array, sum: number): number {
  const low = total(ways.subarray(0, sum + 1))
  const high = total(ways.subarray(sum))
  return Math.min(1, (2 * Math.min(low, high)) / total(ways))
}

interface Moments {
  readonly mean: number
  readonly variance: number
}

function rankSumMoments(doubled: readonly number[], drawn: number): Moments {
  const all = doubled.length
  const mean = total(doubled) / all
  const spread = total(doubled.map((rank) => (rank - mean) ** 2)) / (all - 1)
  return { mean: drawn * mean, variance: (drawn * (all - drawn) * spread) / all }
}

/** With the correction for sums that come in steps: half a rank, which is 1 when doubled. */
function normalProbability(sum: number, { mean, variance }: Moments): number {
  const deviation = Math.sqrt(variance)
  if (deviation === 0) return 1
  const z = Math.max(0, Math.abs(sum - mean) - 1) / deviation
  return 1 - errorFunction(z / Math.SQRT2)
}

function total(values: readonly number[] | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
