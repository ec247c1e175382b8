import { availableParallelism } from 'node:os'
import type { BenchContext } from './bench-context.ts'
import type { LoadShare } from './load-share.ts'
import { LocalShare } from './local-share.ts'
import { workerCount } from './worker-count.ts'
import { WorkerShare } from './worker-share.ts'

/** The shares of a run: one in this thread, or several in threads of their own (docs/decisions/009-worker-threads.md). */
export function sharesOf(context: BenchContext): LoadShare[] {
  const { settings, runId, workerFile } = context
  const of = workerCount(settings, availableParallelism())
  if (of === 1) return [new LocalShare({ settings, runId, slice: { index: 0, of }, cpuMicroseconds: ownCpu(context) })]
  return Array.from(
    { length: of },
    (_, index) => new WorkerShare(workerFile, { settings, runId, slice: { index, of } }),
  )
}

function ownCpu({ figures }: BenchContext): () => number {
  return () => {
    const { cpuUserMicroseconds, cpuSystemMicroseconds } = figures()
    return cpuUserMicroseconds + cpuSystemMicroseconds
  }
}
