import type { MqttCliError } from '../../../errors.ts'
import type { BenchEvent, BenchOutcome, BenchResult } from '../events.ts'
import type { Barrier } from './settings.ts'

/** One load of a scenario, which runs beside the others. */
export interface ScenarioGroup {
  readonly name: string
  readonly after?: Barrier
  readonly delayMs: number
  /** Runs it to its end. */
  readonly run: (signal: AbortSignal, emit: (event: BenchEvent) => void) => Promise<BenchOutcome>
}

export interface GroupResult {
  readonly name: string
  /** When it began, since the scenario did; absent where it never did. */
  readonly startedSeconds?: number
  readonly result?: BenchResult
  /** Why there is none, or what the result comes to. */
  readonly failure?: { readonly kind: string; readonly message: string }
}

/** A whole scenario, as `docs/schemas/bench-scenario-result.schema.json` describes it. */
interface ScenarioResult {
  readonly v: 1
  readonly type: 'bench-scenario'
  readonly name: string
  readonly startedAt: string
  readonly groups: readonly GroupResult[]
}

export interface ScenarioOutcome {
  readonly result: ScenarioResult
  /** Of the groups that ran, by name. */
  readonly outcomes: ReadonlyMap<string, BenchOutcome>
  readonly failure?: MqttCliError
}

export type ScenarioEvent =
  | { readonly event: 'group begins'; readonly group: string; readonly seconds: number }
  | { readonly event: 'of group'; readonly group: string; readonly of: BenchEvent }
