import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ByteWatch } from '../../connection/wire-watch.ts'
import type { BrokerEvent } from './events.ts'
import type { MemoryBudget } from './memory-budget.ts'
import type { Permissions } from './permissions.ts'
import type { RetainedMessages } from './retained-messages.ts'
import type { Router } from './router.ts'
import type { SessionTable } from './session-table.ts'
import type { BrokerLimits } from './settings.ts'
import type { SubscriptionTable } from './subscription-table.ts'
import type { SystemTopics } from './system-topics.ts'
import type { TrafficCount } from './traffic-count.ts'
import type { UnreadBytes } from './unread-bytes.ts'
import type { UserTable } from './user-table.ts'

/** Whose packet an error goes back to. */
export interface AtFault {
  fault(error: unknown): void
}

/** What all connections of a broker share. */
export interface BrokerHouse {
  readonly sessions: SessionTable
  readonly subscriptions: SubscriptionTable
  readonly retained: RetainedMessages
  readonly router: Router
  readonly budget: MemoryBudget
  readonly unread: UnreadBytes
  readonly system: SystemTopics
  readonly traffic: TrafficCount
  readonly limits: BrokerLimits
  readonly permissions: Permissions
  /** Who may connect; absent: everybody. */
  readonly users: UserTable | undefined
  /** Whatever runs on behalf of a connection runs inside: an error that nobody caught leads back to it. */
  readonly context: AsyncLocalStorage<AtFault>
  readonly emit: (event: BrokerEvent) => void
  /** Who looks at the bytes of each connection, if anybody does. */
  readonly watch?: (connection: number) => ByteWatch
}
