import type { ShareContext } from './load-worker.ts'
import { LocalIdleShare } from './local-idle-worker.ts'
import { LocalShare } from './local-worker.ts'
import type { ShareKinds } from './worker-calls.ts'

/** How a share of each kind is made in the thread that calls. */
export const localShares: { readonly [Kind in keyof ShareKinds]: (context: ShareContext) => ShareKinds[Kind] } = {
  load: (context) => new LocalShare(context),
  idle: (context) => new LocalIdleShare(context),
}
