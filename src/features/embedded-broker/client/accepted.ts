import type { Duplex } from 'node:stream'
import type { Arrival } from '../../../connection/transport/listen.ts'

/** A connection that a listener handed over. */
export interface Accepted extends Arrival {
  readonly stream: Duplex
}
