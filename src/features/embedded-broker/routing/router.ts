import type { Message } from './message.ts'
import type { RetainedMessages } from './retained-messages.ts'
import type { SubscriptionTable } from './subscription-table.ts'

/** Brings a message to everybody who subscribed to it, and keeps it when it is to be retained. */
export class Router {
  readonly #subscriptions: SubscriptionTable
  readonly #retained: RetainedMessages

  constructor(subscriptions: SubscriptionTable, retained: RetainedMessages) {
    this.#subscriptions = subscriptions
    this.#retained = retained
  }

  /** False when it was to be retained and there is no room: then nobody gets it. */
  keep(message: Message): boolean {
    return !message.retain || this.#retained.keep(message)
  }

  /** What comes back is for the publisher to wait for: some of those who get it do not keep up. */
  deliver(message: Message): Promise<unknown> | undefined {
    let waits: Promise<void>[] | undefined
    this.#subscriptions.eachRecipient(message, (session, match) => {
      const mayWait = session.clientId !== message.from // a publisher does not wait for itself
      const wait = session.offer(message, match, { isRetained: false, mayWait })
      if (wait === undefined) return
      waits ??= []
      waits.push(wait)
    })
    return waits === undefined ? undefined : Promise.all(waits)
  }
}
