import { availableParallelism } from 'node:os'
import { cpuMicrosecondsOf } from '../../../connection/clock.ts'
import type { BenchContext } from '../bench-context.ts'
import { localWorkers } from './local-workers.ts'
import { type WorkerKinds, type WorkerTask, workerMethods } from './worker-calls.ts'
import { workerCount } from './worker-count.ts'
import { WorkerThread } from './worker-thread.ts'

/** The workers of a run: one in this thread, or several in threads of their own (docs/decisions/009-worker-threads.md). */
export function workersOf<Kind extends keyof WorkerKinds>(kind: Kind, context: BenchContext): WorkerKinds[Kind][] {
  const { settings, runId, threadFiles, flight, figures } = context
  const of = workerCount(settings, availableParallelism())
  if (of === 1) {
    const slice = { index: 0, of }
    return [
      localWorkers[kind]({
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
    remoteWorker(kind, { kind, settings, runId, slice: { index, of }, threadFiles, flight }),
  )
}

/** A worker in a thread of its own: every method is a call to that thread. */
function remoteWorker<Kind extends keyof WorkerKinds>(kind: Kind, task: WorkerTask) {
  const thread = new WorkerThread(task)
  const methods = workerMethods[kind].map((method) => {
    return [method, (...args: readonly unknown[]) => thread.call(String(method), args)] as const
  })
  return Object.fromEntries(methods) as unknown as WorkerKinds[Kind]
}
