import { tallyPercentile, tallySum } from '../counters/subscriber-tally.ts'
import type { Measure, Spread, SubscriberFigures, SubscribersFigures } from '../events.ts'
import type { SubscriberFacts } from '../workers/subscriber-facts.ts'

/** More in a result would be read by nobody. */
export const mostShown = 100
const slowestPart = 10

interface Ranked {
  readonly facts: SubscriberFacts
  readonly figures: SubscriberFigures
}

/** How much the subscribers of a run differ; undefined where there are none to compare. */
export function subscriberSpread(all: readonly SubscriberFacts[]): SubscribersFigures | undefined {
  const ranked = all
    .filter(({ isSlow }) => !isSlow)
    .map((facts) => ({ facts, figures: subscriberFigures(facts) }))
    .sort((a, b) => slowness(b.figures) - slowness(a.figures))
  if (ranked.length < 2) return undefined
  const figures = ranked.map((each) => each.figures)
  const lost = figures.flatMap((each) => each.lost ?? [])
  return {
    subscribers: ranked.length,
    received: spreadOf(figures.map(({ received }) => received)),
    ...(lost.length > 0 && { lost: spreadOf(lost) }),
    p50Microseconds: spreadOf(figures.map(({ p50Microseconds }) => p50Microseconds)),
    p99Microseconds: spreadOf(figures.map(({ p99Microseconds }) => p99Microseconds)),
    slowestTenth: together(ranked.slice(0, Math.ceil(ranked.length / slowestPart))),
    each: figures.slice(0, mostShown).sort((a, b) => a.subscriber - b.subscriber),
  }
}

export function subscriberFigures({ index, received, account, counts }: SubscriberFacts): SubscriberFigures {
  const { expected, lost, lostAcked, lateToArrive } = account ?? {}
  return {
    subscriber: index,
    ...(expected !== undefined && { expected }),
    received,
    ...(lost !== undefined && { lost }),
    ...(lostAcked !== undefined && { lostAcked }),
    ...(lateToArrive !== undefined && { lateToArrive }),
    p50Microseconds: counts === undefined ? null : tallyPercentile(counts, 50),
    p99Microseconds: counts === undefined ? null : tallyPercentile(counts, 99),
  }
}

/** Who got nothing at all is the slowest. */
function slowness({ p99Microseconds }: SubscriberFigures): number {
  return p99Microseconds ?? Number.MAX_VALUE
}

function together(ranked: readonly Ranked[]): SubscribersFigures['slowestTenth'] {
  const counts = tallySum(ranked.flatMap(({ facts }) => facts.counts ?? []))
  const lost = ranked.flatMap(({ figures }) => figures.lost ?? [])
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0)
  return {
    subscribers: ranked.length,
    received: sum(ranked.map(({ figures }) => figures.received)),
    ...(lost.length > 0 && { lost: sum(lost) }),
    p50Microseconds: tallyPercentile(counts, 50),
    p99Microseconds: tallyPercentile(counts, 99),
  }
}

/** Of those that have the figure. */
function spreadOf(values: readonly Measure[]): Spread {
  const known = values.filter((each) => each !== null).sort((a, b) => a - b)
  return {
    least: known[0] ?? null,
    median: known[Math.floor((known.length - 1) / 2)] ?? null,
    most: known.at(-1) ?? null,
  }
}
