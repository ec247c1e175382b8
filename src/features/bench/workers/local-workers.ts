import type { WorkerContext } from './load-worker.ts'
import { LocalIdleWorker } from './local-idle-worker.ts'
import { LocalWorker } from './local-worker.ts'
import type { WorkerKinds } from './worker-calls.ts'

/** How a worker of each kind is made in the thread that calls. */
export const localWorkers: { readonly [Kind in keyof WorkerKinds]: (context: WorkerContext) => WorkerKinds[Kind] } = {
  load: (context) => new LocalWorker(context),
  idle: (context) => new LocalIdleWorker(context),
}
