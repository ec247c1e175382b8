import { availableParallelism } from 'node:os'
import { cpuMicrosecondsOf } from '../../../connection/clock.ts'
import type { BenchContext } from '../bench-context.ts'
import { localShares } from './local-workers.ts'
import { type ShareKinds, shareMethods, type WorkerTask } from './worker-calls.ts'
import { workerCount } from './worker-count.ts'
import { WorkerThread } from './worker-thread.ts'

/** The shares of a run: one in this thread, or several in threads of their own (docs/decisions/009-worker-threads.md). */
export function sharesOf<Kind extends keyof ShareKinds>(kind: Kind, context: BenchContext): ShareKinds[Kind][] {
  const { settings, runId, threadFiles, flight, figures } = context
  const of = workerCount(settings, availableParallelism())
  if (of === 1) {
    const slice = { index: 0, of }
    return [
      localShares[kind]({
        settings,
        runId,
        slice,
        threadFiles,
        flight,
        cpuMicroseconds: () => cpuMicrosecondsOf(figures()),
      }),
    ]
  }
  return Array.from({ length: of }, (_, index) =>
    remoteShare(kind, { kind, settings, runId, slice: { index, of }, threadFiles, flight }),
  )
}

/** A share in a thread of its own: every method is a call to that thread. */
function remoteShare<Kind extends keyof ShareKinds>(kind: Kind, task: WorkerTask) {
  const thread = new WorkerThread(task)
  const methods = shareMethods[kind].map((method) => {
    return [method, (...args: readonly unknown[]) => thread.call(String(method), args)] as const
  })
  return Object.fromEntries(methods) as unknown as ShareKinds[Kind]
}
