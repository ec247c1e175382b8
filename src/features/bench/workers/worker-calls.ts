import type { ErrorData } from './error-data.ts'
import type { IdleShare } from './idle-worker.ts'
import type { LoadShare, ShareContext } from './load-worker.ts'

/** What a thread can have a share of. */
export interface ShareKinds {
  readonly load: LoadShare
  readonly idle: IdleShare
}

/** What can be called from another thread. */
export const shareMethods: { readonly [Kind in keyof ShareKinds]: readonly (keyof ShareKinds[Kind])[] } = {
  load: ['connect', 'filters', 'begin', 'pulse', 'look', 'endMeasuring', 'stop', 'leave', 'account', 'close'],
  idle: ['connectFirst', 'connectRest', 'pulse', 'storm', 'stop', 'leave', 'close'],
}

/** What a worker is started with. */
export interface WorkerTask extends Omit<ShareContext, 'cpuMicroseconds'> {
  readonly kind: keyof ShareKinds
}

/** A method of a share, called from another thread. */
export interface ShareCall {
  readonly call: number
  readonly method: string
  readonly args: readonly unknown[]
}

/** What became of it. */
export type ShareAnswer =
  | { readonly call: number; readonly value: unknown }
  /** An expected failure. */
  | { readonly call: number; readonly failure: ErrorData }
  /** A bug: its stack. */
  | { readonly call: number; readonly bug: string }
