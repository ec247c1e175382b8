import type { ErrorData } from './error-data.ts'
import type { ShareContext } from './load-share.ts'

/** What a worker is started with. */
export type WorkerTask = Omit<ShareContext, 'cpuMicroseconds'>

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
