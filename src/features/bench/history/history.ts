import type { ComparedMetric } from '../compare/metrics.ts'
import type { ComparedMetricName } from '../compare/settings.ts'
import type { BenchResult } from '../events.ts'
import type { Fingerprint } from '../fingerprint.ts'
import type { Trend } from './trend.ts'

/** What runs have in common that can be looked at as one course. */
export interface HistoryLoad
  extends Pick<
    BenchResult,
    'mode' | 'load' | 'target' | 'mqttVersion' | 'qos' | 'publishers' | 'subscribers' | 'payloadBytes'
  > {
  readonly askedPerSecond?: number
  readonly connections?: number
  /** Where it was measured: runs of two machines are no course. */
  readonly machine?: Fingerprint['machine']
}

export interface HistoryRun {
  readonly runId: string
  readonly startedAt: string
  readonly isValid: boolean
  /** This machine changed meanwhile, by its own ruler. */
  readonly isTainted: boolean
}

/** One metric over the runs of a load. */
export interface HistoryMetric extends Pick<ComparedMetric, 'unit' | 'direction' | 'kind'> {
  readonly metric: ComparedMetricName
  /** In the order of the runs; null where a run did not measure it, or is not valid. */
  readonly values: readonly (number | null)[]
  readonly latest: number
  readonly median: number
  /** Absent of counts, and of too few runs. */
  readonly trend?: Trend
  /** Of quantities with a trend: whether it goes somewhere. */
  readonly verdict: 'better' | 'worse' | 'no trend' | 'too few runs' | 'none' | 'some'
}

export interface LoadHistory {
  readonly load: HistoryLoad
  /** How many results of it there are; `runs` are the last of them. */
  readonly kept: number
  readonly runs: readonly HistoryRun[]
  readonly metrics: readonly HistoryMetric[]
}

/** As `docs/schemas/bench-history.schema.json` describes it. */
export interface BenchHistory {
  readonly v: 1
  readonly type: 'bench-history'
  readonly loads: readonly LoadHistory[]
  /** Lines that are no results, and why. */
  readonly skipped: readonly { readonly place: string; readonly problem: string }[]
}
