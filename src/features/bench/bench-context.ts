import type { Wording } from '../../advice.ts'
import type { ProcessFigures } from '../../connection/clock.ts'
import type { BenchEvent } from './events.ts'
import type { BenchSettings } from './settings.ts'
import type { ThreadFiles } from './workers/load-worker.ts'

/** What a run is given by who starts it. */
export type AskedBench = Omit<BenchContext, 'flight'>

/** What all parts of a run know of it. */
export interface BenchContext {
  readonly settings: BenchSettings
  /** The user's wish to stop: the run drains, and reports. */
  readonly signal: AbortSignal
  readonly tell: (event: BenchEvent) => void
  /** Words advice for who typed the command. */
  readonly word: Wording
  readonly figures: () => ProcessFigures
  /** 32 bits that tell this run's messages from all others. */
  readonly runId: number
  readonly startedAt: string
  readonly threadFiles: ThreadFiles
  /** What is on its way, for all threads: `flightMemory` makes it. */
  readonly flight: SharedArrayBuffer
}

/** The run as `%r` and the result call it. */
export function runNameOf({ runId }: Pick<BenchContext, 'runId'>): string {
  return runId.toString(16).padStart(8, '0')
}
