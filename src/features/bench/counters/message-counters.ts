import type { MessageCounts, Reasons } from '../events.ts'

/** The counters as plain data: what one thread tells another. */
export interface MessageCountersData {
  readonly offered: number
  readonly sent: number
  readonly acked: number
  readonly late: number
  readonly payloadBytes: number
  readonly refused: Reasons
}

/** What became of the messages of one phase, over all publishers of one thread, or of all threads together. */
export class MessageCounters {
  offered = 0
  sent = 0
  acked = 0
  late = 0
  payloadBytes = 0
  readonly #refused = new Map<string, number>()
  #refusedTotal = 0

  refuse(reason: string, count = 1): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + count)
    this.#refusedTotal += count
  }

  get data(): MessageCountersData {
    const { offered, sent, acked, late, payloadBytes } = this
    return { offered, sent, acked, late, payloadBytes, refused: Object.fromEntries(this.#refused) }
  }

  add({ offered, sent, acked, late, payloadBytes, refused }: MessageCountersData): void {
    this.offered += offered
    this.sent += sent
    this.acked += acked
    this.late += late
    this.payloadBytes += payloadBytes
    for (const [reason, count] of Object.entries(refused)) this.refuse(reason, count)
  }

  get refusals(): number {
    return this.#refusedTotal
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
