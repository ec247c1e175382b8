import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ByteWatch } from '../../connection/wire-watch.ts'
import type { AedesBroker } from './aedes-broker.ts'
import type { BrokerEvent } from './events.ts'
import type { Permissions } from './permissions.ts'
import type { SessionTable } from './session-table.ts'
import type { BrokerLimits } from './settings.ts'

/** Whose packet an error goes back to. */
export interface AtFault {
  fault(error: unknown): void
}

/** What all connections of a broker share. */
export interface BrokerHouse {
  readonly aedes: AedesBroker
  readonly sessions: SessionTable
  readonly limits: BrokerLimits
  readonly permissions: Permissions
  /** Whatever runs on behalf of a connection runs inside: an error that nobody caught leads back to it. */
  readonly context: AsyncLocalStorage<AtFault>
  readonly emit: (event: BrokerEvent) => void
  /** Who looks at the bytes of each connection, if anybody does. */
  readonly watch?: (connection: number) => ByteWatch
}
