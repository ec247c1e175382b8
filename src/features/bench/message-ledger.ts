import type { MessageCounts } from './events.ts'

/** What became of the messages of one phase, over all publishers of one thread. */
export class MessageLedger {
  offered = 0
  sent = 0
  acked = 0
  late = 0
  payloadBytes = 0
  readonly #refused = new Map<string, number>()
  #refusedTotal = 0

  refuse(reason: string): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1)
    this.#refusedTotal++
  }

  /** `isConfirmed`: at QoS 1 and 2 each message finds its end; at QoS 0 nobody says. */
  counts(isConfirmed: boolean): MessageCounts {
    const { offered, sent, acked, late } = this
    return {
      offered,
      sent,
      acked,
      refused: Object.fromEntries(this.#refused),
      unconfirmed: isConfirmed ? sent - acked - this.#refusedTotal : 0,
      unsent: offered - sent,
      late,
    }
  }
}
