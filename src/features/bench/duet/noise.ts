import { errorFunction } from 'simple-statistics'
import type { Comparison, QuantityComparison } from '../compare/comparison.ts'
import { confidence, power, standardError } from '../compare/ratio-estimate.ts'
import type { ComparedMetricName } from '../compare/settings.ts'

/** How unsure the ratio of a metric is after one round, by what runs of one broker against itself varied. */
export interface MetricNoise {
  readonly metric: ComparedMetricName
  /** Of the logarithm of the ratio; with n rounds it is the square root of n smaller. */
  readonly errorOfOneRound: number
}

/** What a number of rounds can be expected to see of a metric. */
interface MetricSight {
  readonly metric: ComparedMetricName
  /** The smallest change for the worse that is found in 95 % of cases: 0.12 is 12 %. */
  readonly smallestChange: number
  /** Of cases in which a change of `change` is found. */
  readonly found: number
  /** Rounds after which it is found in 95 % of cases. */
  readonly roundsFor95: number
}

export interface Sight {
  readonly rounds: number
  readonly maxRegression: number
  /** The change that is spoken of: twice what is no matter, or 10 % where everything matters. */
  readonly change: number
  readonly metrics: readonly MetricSight[]
}

/** Under so many rounds nothing is decided. */
const fewestRounds = 6
const changeWithoutBound = 0.1

export function noiseOf({ metrics }: Comparison): readonly MetricNoise[] {
  return metrics
    .filter((each): each is QuantityComparison => each.kind === 'quantity')
    .map(({ metric, interval, newValues }) => ({
      metric,
      errorOfOneRound: standardError(interval) * Math.sqrt(newValues.length),
    }))
}

export function sightOf(noise: readonly MetricNoise[], rounds: number, maxRegression: number): Sight {
  const change = maxRegression > 0 ? 2 * maxRegression : changeWithoutBound
  const distance = Math.log((1 + change) / (1 + maxRegression))
  const metrics = noise.map(({ metric, errorOfOneRound }) => {
    const error = errorOfOneRound / Math.sqrt(rounds)
    return {
      metric,
      smallestChange: (1 + maxRegression) * Math.exp((confidence + power) * error) - 1,
      found: error === 0 ? 1 : shareBelow(distance / error - confidence),
      roundsFor95: Math.max(fewestRounds, Math.ceil((((confidence + power) * errorOfOneRound) / distance) ** 2)),
    }
  })
  return { rounds, maxRegression, change, metrics }
}

/** What rounds can see where runs vary by so much: for who has recorded nothing yet. */
export interface Guide {
  readonly spread: number
  readonly found: number
}

const usualSpreads = [0.02, 0.03, 0.05, 0.08] as const
/** The standard error of a median is that much larger than that of a mean. */
const priceOfMedian = Math.sqrt(Math.PI / 2)

export function guideOf(rounds: number, maxRegression: number): readonly Guide[] {
  return usualSpreads.map((spread) => {
    const errorOfOneRound = spread * Math.SQRT2 * priceOfMedian
    const { metrics } = sightOf([{ metric: 'p50', errorOfOneRound }], rounds, maxRegression)
    return { spread, found: metrics[0]?.found ?? 0 }
  })
}

/** Of a normal curve. */
function shareBelow(z: number): number {
  return (1 + Math.sign(z) * errorFunction(Math.abs(z) / Math.SQRT2)) / 2
}
