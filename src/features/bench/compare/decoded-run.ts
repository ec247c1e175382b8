import type { ComparedRun, DecodedRun } from './comparison.ts'
import { histogramOf } from './histogram-of.ts'

/** A run whose distribution is decoded once, for all that look at it. */
export function decodedRun(run: ComparedRun): DecodedRun {
  return { ...run, durations: histogramOf(run.result.histograms) }
}
