import type { Random } from '../../src/seeded-random.ts'
import type { MadeUpRun } from './made-up-result.ts'

/** Base and new runs of the same thing. */
export interface MadeUpSides {
  readonly base: readonly MadeUpRun[]
  readonly next: readonly MadeUpRun[]
}

/** How runs of the same thing vary. */
export interface NoiseModel {
  readonly name: string
  readonly isPaired: boolean
  readonly make: (rounds: number, random: Random) => MadeUpSides
}

const runDeviation = 0.08
const tailDeviation = 0.25

export const noiseModels: readonly NoiseModel[] = [
  {
    name: 'independent runs, 8 % and 25 % in the tail',
    isPaired: false,
    make: (rounds, random) => sides(rounds, () => plainRun(random)),
  },
  {
    name: 'the same in pairs',
    isPaired: true,
    make: (rounds, random) => sides(rounds, () => plainRun(random)),
  },
  {
    name: 'two modes 50 % apart, either by chance',
    isPaired: false,
    make: (rounds, random) => sides(rounds, () => bimodalRun(random)),
  },
  {
    name: 'two modes, in pairs',
    isPaired: true,
    make: (rounds, random) => sides(rounds, () => bimodalRun(random)),
  },
  {
    name: 'seconds of a run that go together (0.9)',
    isPaired: false,
    make: (rounds, random) => sides(rounds, () => runOfSeconds(random)),
  },
  {
    name: 'runs that go together (0.7), in turns and in pairs',
    isPaired: true,
    make: (rounds, random) => inTurns(rounds, chain(0.7, random), random),
  },
  {
    name: 'runs that go together (0.7), in turns',
    isPaired: false,
    make: (rounds, random) => inTurns(rounds, chain(0.7, random), random),
  },
  {
    name: 'runs that go together (0.7), one side after the other',
    isPaired: false,
    make: (rounds, random) => {
      const next = chain(0.7, random)
      return sides(rounds, () => ({ level: Math.exp(runDeviation * next()), tail: lognormal(tailDeviation, random) }))
    },
  },
  {
    name: 'two runs of each start of the broker, starts 8 %, runs 2 % apart',
    isPaired: false,
    make: (rounds, random) => ({ base: ofStarts(rounds, random, 0), next: ofStarts(rounds, random, 1_000_000) }),
  },
]

function sides(rounds: number, one: () => MadeUpRun): MadeUpSides {
  return { base: Array.from({ length: rounds }, one), next: Array.from({ length: rounds }, one) }
}

function plainRun(random: Random): MadeUpRun {
  return { level: lognormal(runDeviation, random), tail: lognormal(tailDeviation, random) }
}

function bimodalRun(random: Random): MadeUpRun {
  const mode = random() < 0.5 ? 1 : 1.5
  return { level: mode * lognormal(0.03, random), tail: lognormal(tailDeviation, random) }
}

/** Ten seconds, each near the one before: the run is as far off as they are together. */
function runOfSeconds(random: Random): MadeUpRun {
  const next = chain(0.9, random)
  const seconds = Array.from({ length: 10 }, () => Math.exp(0.2 * next()))
  return {
    level: seconds.reduce((sum, each) => sum + each, 0) / seconds.length,
    tail: lognormal(tailDeviation, random),
  }
}

/** ABBA: what drifts is on both sides alike. */
function inTurns(rounds: number, next: () => number, random: Random): MadeUpSides {
  const [base, other]: [MadeUpRun[], MadeUpRun[]] = [[], []]
  const run = (): MadeUpRun => ({ level: Math.exp(runDeviation * next()), tail: lognormal(tailDeviation, random) })
  for (let round = 0; round < rounds; round++) {
    const [first, second] = round % 2 === 0 ? [base, other] : [other, base]
    first.push(run())
    second.push(run())
  }
  return { base, next: other }
}

function ofStarts(rounds: number, random: Random, firstSecond: number): readonly MadeUpRun[] {
  const starts = Array.from({ length: Math.ceil(rounds / 2) }, () => lognormal(runDeviation, random))
  return Array.from({ length: rounds }, (_, index) => {
    const start = Math.floor(index / 2)
    const level = (starts[start] as number) * lognormal(0.02, random)
    return { level, tail: lognormal(tailDeviation, random), startedSecond: firstSecond + 1000 * start }
  })
}

/** Values of deviation 1, each correlated with the one before. */
function chain(correlation: number, random: Random): () => number {
  let last = gaussian(random)
  return () => {
    last = correlation * last + Math.sqrt(1 - correlation ** 2) * gaussian(random)
    return last
  }
}

function lognormal(deviation: number, random: Random): number {
  return Math.exp(deviation * gaussian(random))
}

/** Box and Muller's. */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
