import type { BenchOutcome, BenchResult, LatencyFigures, Measure } from '../events.ts'
import { fanOut } from '../report/load-result.ts'
import { evaluateDemands } from '../report/thresholds.ts'
import { isGeneratorTheLimit } from '../report/verdict.ts'
import type { Demand } from '../settings.ts'
import type { Judgement } from './search-step.ts'

/** A rate of which more than this is left behind is not one that the broker does. */
const mostBehindFraction = 0.025
/** In a short window a pause of this machine would be more than that. */
const pauseSeconds = 0.1
/** At rest again: no slower than so many times what it was, and a moment. */
const restedFactor = 2
const momentMicroseconds = 2000

export interface WindowJudgement {
  readonly judgement: Judgement
  readonly reasons: readonly string[]
}

/** Whether the broker did what was asked, as it was demanded; or we could not ask it. */
export function judgeWindow(outcome: BenchOutcome, demands: readonly Demand[]): WindowJudgement {
  const { result, failure } = outcome
  if (failure?.kind === 'local-io') return { judgement: 'unusable', reasons: [failure.message] }
  const broken = failure === undefined || failure.kind === 'invalid-result' ? [] : [failure.message]
  if (broken.length === 0 && isGeneratorTheLimit(result)) {
    return { judgement: 'unusable', reasons: result.verdict.problems }
  }
  const missed = evaluateDemands(demands, result).filter(({ held }) => !held)
  const reasons = [
    ...broken,
    ...result.verdict.problems,
    ...behind(outcome),
    ...shortOfConnections(result),
    ...missed.map(({ words }) => words),
  ]
  return { judgement: reasons.length === 0 ? 'good' : 'bad', reasons }
}

/** How a broker is when nothing is asked of it. */
export interface Rest {
  readonly p50Microseconds: Measure
  readonly isBehind: boolean
}

export function restOf(outcome: BenchOutcome): Rest {
  const { p50Microseconds } = mainTimes(outcome.result)
  return { p50Microseconds, isBehind: behind(outcome).length > 0 }
}

/** What the broker does without a load, it does again. */
export function isRested(outcome: BenchOutcome, before: Rest): boolean {
  const { failure } = outcome
  if (failure !== undefined && failure.kind !== 'invalid-result') return false
  const now = restOf(outcome)
  if (now.isBehind && !before.isBehind) return false
  if (before.p50Microseconds === null) return true
  const longest = before.p50Microseconds * restedFactor + momentMicroseconds
  return now.p50Microseconds !== null && now.p50Microseconds <= longest
}

/** What a window is known by. */
export function mainTimes({ response, acknowledged, connect, mode }: BenchResult): LatencyFigures {
  return response ?? acknowledged ?? { ...connect.times, ...(mode !== 'conn' && untimed) }
}

const untimed = { p50Microseconds: null, p99Microseconds: null }

/** What waited in us, and what came to wait in the broker while it was measured. */
function behind({ result, seconds }: BenchOutcome): string[] {
  const { messages, arrivals, rates, outstanding, measuredSeconds } = result
  if (messages === undefined || rates.asked === undefined) return []
  const before = seconds.findLast(({ phase }) => phase === 'warmup')?.outstanding ?? 0
  const grown = Math.max(0, (outstanding?.atEnd ?? 0) - before) / fanOut(messages, arrivals)
  const waiting = Math.max(0, messages.offered - (rates.sent ?? 0) * measuredSeconds)
  const most = Math.max(messages.offered * mostBehindFraction, rates.asked * pauseSeconds)
  if (grown + waiting <= most) return []
  const left = Math.round(grown + waiting).toLocaleString('en-US')
  return [
    `the broker did not keep up: of ${messages.offered.toLocaleString('en-US')} messages ${left} were left behind`,
  ]
}

function shortOfConnections({ idle }: BenchResult): string[] {
  if (idle === undefined || idle.held === idle.connections) return []
  return [`${idle.held} of ${idle.connections} connections stood at the end`]
}
