import type { Wording } from '../../advice.ts'
import type { ProcessFigures } from '../../connection/clock.ts'
import type { BenchEvent } from './events.ts'
import type { BenchSettings } from './settings.ts'
import type { Shell } from './shell.ts'

/** What threads run, by path: the build wrote it. */
export interface ThreadFiles {
  readonly worker: string
  readonly precisionTimer: string
}

/** What a run is given by the command that starts it. */
export interface BenchRequest {
  readonly settings: BenchSettings
  /** The user's wish to stop: the run drains, and reports. */
  readonly signal: AbortSignal
  readonly emit: (event: BenchEvent) => void
  /** Words advice for who typed the command. */
  readonly word: Wording
  readonly figures: () => ProcessFigures
  /** Runs commands of the user's own. */
  readonly shell: Shell
  /** 32 bits that tell this run's messages from all others. */
  readonly runId: number
  readonly startedAt: string
  readonly threadFiles: ThreadFiles
}

/** The same, with what all threads of the run have in common. */
export interface BenchContext extends BenchRequest {
  /** What is on its way, for all threads: `flightMemory` makes it. */
  readonly flight: SharedArrayBuffer
}

/** The run as `%r` and the result call it. */
export function runNameOf({ runId }: Pick<BenchContext, 'runId'>): string {
  return runId.toString(16).padStart(8, '0')
}
