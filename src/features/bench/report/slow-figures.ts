import type { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { FirstLossFigures, Measure, SlowFigures } from '../events.ts'
import type { SubscriberFacts } from '../workers/subscriber-facts.ts'
import { mostShown, subscriberFigures } from './subscriber-spread.ts'

interface SlowRun {
  readonly thinkMilliseconds: number
  readonly response: LatencyRecorder
  /** When the load began, microseconds since the epoch. */
  readonly startMicroseconds: number
}

/** What subscribers that are slow on purpose got, and where the broker began to drop. */
export function slowFigures(all: readonly SubscriberFacts[], run: SlowRun): SlowFigures {
  const each = all
    .filter(({ isSlow }) => isSlow)
    .map((facts) => {
      const firstLoss = lossOf(facts, run.startMicroseconds)
      return { ...subscriberFigures(facts), ...(firstLoss && { firstLoss }) }
    })
  const [firstLoss] = each.flatMap((one) => one.firstLoss ?? []).sort((a, b) => a.second - b.second)
  const expected = sumOf(each.map((one) => one.expected))
  const lost = sumOf(each.map((one) => one.lost))
  const lostAcked = sumOfMeasures(each.map((one) => one.lostAcked))
  const lateToArrive = sumOf(each.map((one) => one.lateToArrive))
  return {
    subscribers: each.length,
    thinkMilliseconds: run.thinkMilliseconds,
    received: sumOf(each.map(({ received }) => received)) ?? 0,
    ...(expected !== undefined && { expected }),
    ...(lost !== undefined && { lost }),
    ...(lostAcked !== undefined && { lostAcked }),
    ...(lateToArrive !== undefined && { lateToArrive }),
    response: run.response.figures,
    ...(firstLoss && { firstLoss }),
    each: each.slice(0, mostShown),
  }
}

function lossOf({ index, firstLoss }: SubscriberFacts, startMicroseconds: number): FirstLossFigures | undefined {
  if (firstLoss === undefined) return undefined
  const second = Math.round((firstLoss.atMicroseconds - startMicroseconds) / 1e3) / 1e3
  return { subscriber: index, second, backlog: firstLoss.backlog }
}

/** Undefined where nobody has the figure. */
function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((each) => each !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0)
}

/** The same, and null where somebody does not know it. */
function sumOfMeasures(counts: readonly (Measure | undefined)[]): Measure | undefined {
  return counts.includes(null) ? null : sumOf(counts as readonly (number | undefined)[])
}
