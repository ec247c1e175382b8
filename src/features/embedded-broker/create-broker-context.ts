import { AsyncLocalStorage } from 'node:async_hooks'
import { permissionsWithout } from './access/permissions.ts'
import type { BrokerContext } from './broker-context.ts'
import { MemoryBudget, oneClientShare, unreadShare } from './memory/memory-budget.ts'
import { UnreadBytes } from './memory/unread-bytes.ts'
import { RetainedMessages } from './routing/retained-messages.ts'
import { Router } from './routing/router.ts'
import { SubscriptionTable } from './routing/subscription-table.ts'
import { SessionTable } from './sessions/session-table.ts'
import { type BrokerLimits, defaultLimits, type EmbeddedBrokerSettings } from './settings.ts'
import { SystemTopics } from './system-topics.ts'
import { TrafficCount } from './traffic-count.ts'

/** What the connections of a broker share, before there are any. */
export function createBrokerContext(settings: EmbeddedBrokerSettings): BrokerContext {
  const limits = limitsOf(settings)
  const emit = settings.onEvent ?? (() => {})
  const budget = new MemoryBudget(limits.memoryBytes)
  const subscriptions = new SubscriptionTable()
  const retained = new RetainedMessages(budget)
  const router = new Router(subscriptions, retained)
  const traffic = new TrafficCount()
  const sessions = new SessionTable(
    limits,
    { budget, subscriptions },
    {
      onDrop: (clientId, topic, cause) => {
        traffic.publishesDropped++
        emit({ event: 'dropped', connection: 0, clientId, topic, cause })
      },
      publish: (will) => {
        if (router.keep(will)) void router.deliver(will)
      },
    },
  )
  const version = settings.version ?? 'mqtt-cli'
  return {
    sessions,
    subscriptions,
    retained,
    router,
    budget,
    unread: new UnreadBytes(limits.memoryBytes * unreadShare),
    system: new SystemTopics({ router, retained, sessions, subscriptions, budget, traffic, version }),
    traffic,
    limits,
    permissions: permissionsWithout(settings.deny ?? [], settings.denyUser),
    users: settings.users,
    atFault: new AsyncLocalStorage(),
    emit,
    ...(settings.watch && { watch: settings.watch }),
  }
}

/** Maximum Packet Size is never announced larger than what one client's queue may hold. */
function limitsOf(settings: EmbeddedBrokerSettings): BrokerLimits {
  const limits = { ...defaultLimits, ...settings.limits }
  const largest = Math.floor(limits.memoryBytes * oneClientShare)
  return { ...limits, maximumPacketSize: Math.min(limits.maximumPacketSize, largest) }
}
