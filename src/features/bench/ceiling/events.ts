import type { MqttCliError } from '../../../errors.ts'
import type { BenchResult, BenchSecond, Measure, PercentilePoint, Verdict } from '../events.ts'
import type { SearchEnd, SearchStep, StepKind } from './search-step.ts'
import type { CeilingAxis, CeilingMode } from './settings.ts'

/** One window of the search, and how it was. */
export interface CurvePoint {
  readonly kind: Exclude<StepKind, 'rest'>
  /** One of the three: what grows. */
  readonly ratePerSecond?: number
  readonly connections?: number
  readonly subscribers?: number
  readonly measuredSeconds: number
  /** Of the response, of the acknowledgement where nobody subscribes, of connecting where nothing is sent. */
  readonly p50Microseconds: Measure
  readonly p99Microseconds: Measure
  readonly lost: Measure
  readonly outcome: 'held' | 'failed' | 'unusable'
  /** Why it did not hold. */
  readonly reasons: readonly string[]
}

/** The most that a broker can do, as `docs/schemas/bench-max.schema.json` describes it. */
export interface CeilingResult {
  readonly v: 1
  readonly type: 'bench-max'
  readonly mode: CeilingMode
  readonly axis: CeilingAxis
  readonly startedAt: string
  readonly target: string
  readonly demands: readonly string[]
  /** The most that held, and held again. Null where none did, and where it is not the rate that grows. */
  readonly confirmedRatePerSecond: Measure
  readonly confirmedConnections?: Measure
  readonly confirmedSubscribers?: Measure
  /** The window that confirmed it: a result as any other. */
  readonly confirmed?: BenchResult
  /** Why the search is over. */
  readonly end: SearchEnd | 'stopped'
  /** False where something failed and more of it passed. */
  readonly isMonotonic: boolean
  readonly stoppedEarly: boolean
  /** Every window in the order in which it was measured. */
  readonly curve: readonly CurvePoint[]
  readonly verdict: Verdict
}

export interface CeilingOutcome {
  readonly result: CeilingResult
  /** Of the window that confirmed it, for its charts. */
  readonly seconds: readonly BenchSecond[]
  readonly points: Readonly<Record<string, readonly PercentilePoint[]>>
  readonly failure?: MqttCliError
}

export type CeilingEvent =
  | { readonly event: 'window begins'; readonly step: SearchStep; readonly axis: CeilingAxis; readonly seconds: number }
  | { readonly event: 'window'; readonly point: CurvePoint }
  /** What was too much is still in the broker. */
  | { readonly event: 'not at rest' }
  | { readonly event: 'note'; readonly text: string }
