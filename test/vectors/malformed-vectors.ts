import { malformedConnectVectors } from './malformed-connect-vectors.ts'
import { malformedHeaderVectors } from './malformed-header-vectors.ts'
import { malformedPublishVectors } from './malformed-publish-vectors.ts'
import { malformedSubscriptionVectors } from './malformed-subscription-vectors.ts'
import type { MalformedVector } from './malformed-vector.ts'

export const malformedVectors: readonly MalformedVector[] = [
  ...malformedHeaderVectors,
  ...malformedConnectVectors,
  ...malformedPublishVectors,
  ...malformedSubscriptionVectors,
]
