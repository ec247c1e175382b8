import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ByteWatch } from '../../connection/wire-watch.ts'
import type { Permissions } from './access/permissions.ts'
import type { UserTable } from './access/user-table.ts'
import type { BrokerEvent } from './events.ts'
import type { MemoryBudget } from './memory/memory-budget.ts'
import type { UnreadBytes } from './memory/unread-bytes.ts'
import type { RetainedMessages } from './routing/retained-messages.ts'
import type { Router } from './routing/router.ts'
import type { SubscriptionTable } from './routing/subscription-table.ts'
import type { SessionTable } from './sessions/session-table.ts'
import type { BrokerLimits } from './settings.ts'
import type { SystemTopics } from './system-topics.ts'
import type { TrafficCount } from './traffic-count.ts'

/** Whose packet an error goes back to. */
export interface AtFault {
  fault(error: unknown): void
}

/** What all connections of a broker share. */
export interface BrokerContext {
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
  readonly atFault: AsyncLocalStorage<AtFault>
  readonly emit: (event: BrokerEvent) => void
  /** Who looks at the bytes of each connection, if anybody does. */
  readonly watch?: (connection: number) => ByteWatch
}
