import type { ShareContext } from './load-share.ts'
import { LocalIdleShare } from './local-idle-share.ts'
import { LocalShare } from './local-share.ts'
import type { ShareKinds } from './share-calls.ts'

/** How a share of each kind is made in the thread that calls. */
export const localShares: { readonly [Kind in keyof ShareKinds]: (context: ShareContext) => ShareKinds[Kind] } = {
  load: (context) => new LocalShare(context),
  idle: (context) => new LocalIdleShare(context),
}
