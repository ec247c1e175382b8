import type { ErrorData } from './error-data.ts'
import type { IdleWorker } from './idle-worker.ts'
import type { LoadWorker, WorkerContext } from './load-worker.ts'

/** What a worker can do. */
export interface WorkerKinds {
  readonly load: LoadWorker
  readonly idle: IdleWorker
}

/** What can be called from another thread. */
export const workerMethods: { readonly [Kind in keyof WorkerKinds]: readonly (keyof WorkerKinds[Kind])[] } = {
  load: [
    'connect',
    'filters',
    'setClocks',
    'begin',
    'status',
    'sample',
    'endMeasuring',
    'stop',
    'leave',
    'result',
    'close',
  ],
  idle: ['connectFirst', 'connectRest', 'status', 'storm', 'stop', 'leave', 'close'],
}

/** What a worker is started with. */
export interface WorkerTask extends Omit<WorkerContext, 'cpuMicroseconds'> {
  readonly kind: keyof WorkerKinds
}

/** A method of a worker, called from another thread. */
export interface WorkerCall {
  readonly call: number
  readonly method: string
  readonly args: readonly unknown[]
}

/** What became of it. */
export type WorkerAnswer =
  | { readonly call: number; readonly value: unknown }
  /** An expected failure. */
  | { readonly call: number; readonly failure: ErrorData }
  /** A bug: its stack. */
  | { readonly call: number; readonly bug: string }
