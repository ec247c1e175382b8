import type { RetainedMessages } from '../routing/retained-messages.ts'
import { matchOf, type Subscription } from '../routing/subscription.ts'
import type { BrokerSession } from './broker-session.ts'

/** After so many looks at retained messages, others have their turn. */
const stepsPerTurn = 1000

/**
 * Sends retained messages to one client, for one new subscription after the other: no faster than it reads, while its
 * other packets are served.
 */
export class RetainedFeed {
  readonly #session: BrokerSession
  readonly #retained: RetainedMessages
  readonly #due = new Map<string, Subscription>()
  #isRunning = false

  constructor(session: BrokerSession, retained: RetainedMessages) {
    this.#session = session
    this.#retained = retained
  }

  add(subscription: Subscription): void {
    this.#due.delete(subscription.filter)
    this.#due.set(subscription.filter, subscription)
  }

  /** Those that were added, and those that are added meanwhile. */
  async run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    for (const [filter, subscription] of this.#due) {
      this.#due.delete(filter)
      await this.#send(subscription)
    }
    this.#isRunning = false
  }

  async #send(subscription: Subscription): Promise<void> {
    let steps = 0
    for (const message of this.#retained.matching(subscription.filter)) {
      if (message !== undefined && this.#session.mayReceive(message.topic)) {
        void this.#session.offer(message, matchOf(subscription), { isRetained: true, mayWait: false })
      }
      if (this.#session.isBehind) await this.#session.whenKeptUp()
      if (++steps % stepsPerTurn === 0) await new Promise(setImmediate)
      if (!this.#isWanted(subscription)) return
    }
  }

  #isWanted(subscription: Subscription): boolean {
    const { channel, subscriptions } = this.#session
    return channel !== undefined && subscriptions.get(subscription.filter) === subscription
  }
}
