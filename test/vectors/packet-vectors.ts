import { connackVectors, connectVectors } from './connect-vectors.ts'
import { connectionVectors } from './connection-vectors.ts'
import type { PacketVector } from './packet-vector.ts'
import { acknowledgementVectors, publishVectors } from './publish-vectors.ts'
import { subscriptionVectors } from './subscription-vectors.ts'

/** Every control packet at every version that has it. */
export const packetVectors: readonly PacketVector[] = [
  ...connectVectors,
  ...connackVectors,
  ...publishVectors,
  ...acknowledgementVectors,
  ...subscriptionVectors,
  ...connectionVectors,
]
