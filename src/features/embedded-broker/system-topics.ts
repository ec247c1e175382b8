import { monotonicMs } from '../../connection/clock.ts'
import type { MemoryBudget } from './memory/memory-budget.ts'
import { Message } from './routing/message.ts'
import type { RetainedMessages } from './routing/retained-messages.ts'
import type { Router } from './routing/router.ts'
import type { SubscriptionTable } from './routing/subscription-table.ts'
import type { SessionTable } from './sessions/session-table.ts'
import type { TrafficCount } from './traffic-count.ts'

/** As often as mosquitto does. */
const intervalMs = 10_000

interface Sources {
  readonly router: Router
  readonly retained: RetainedMessages
  readonly sessions: SessionTable
  readonly subscriptions: SubscriptionTable
  readonly budget: MemoryBudget
  readonly traffic: TrafficCount
  /** What we call ourselves. */
  readonly version: string
}

/**
 * What health checks ask a broker for, under mosquitto's names: figures of the whole broker, and nothing about any
 * client.
 */
export class SystemTopics {
  readonly #sources: Sources
  readonly #startedAtMs = monotonicMs()
  readonly #last = new Map<string, string>()
  readonly #timer: NodeJS.Timeout

  constructor(sources: Sources) {
    this.#sources = sources
    this.#timer = setInterval(() => this.refresh(), intervalMs).unref()
    this.refresh()
  }

  /** Publishes what has changed. */
  refresh(): void {
    const { router } = this.#sources
    for (const [name, value] of Object.entries(this.#figures())) {
      const text = String(value)
      if (this.#last.get(name) === text) continue
      this.#last.set(name, text)
      const topic = `$SYS/broker/${name}`
      const message = new Message(
        { topic, payload: Buffer.from(text), qos: 0, retain: true, properties: {} },
        undefined,
      )
      router.keep(message)
      void router.deliver(message)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #figures() {
    const { sessions, subscriptions, retained, budget, traffic, version } = this.#sources
    return {
      version,
      uptime: `${Math.floor((monotonicMs() - this.#startedAtMs) / 1000)} seconds`,
      'clients/connected': traffic.connected,
      'clients/disconnected': sessions.count - traffic.connected,
      'clients/total': sessions.count,
      'clients/maximum': traffic.mostConnected,
      'messages/received': traffic.messagesReceived,
      'messages/sent': traffic.messagesSent,
      'publish/messages/received': traffic.publishesReceived,
      'publish/messages/sent': traffic.publishesSent,
      'publish/messages/dropped': traffic.publishesDropped,
      'bytes/received': traffic.bytesReceived,
      'bytes/sent': traffic.bytesSent,
      'subscriptions/count': subscriptions.count,
      'retained messages/count': retained.count - this.#last.size,
      'memory/held': budget.heldBytes,
    } as const
  }
}
