/** A ledger as plain data: what one thread tells another. */
export interface ArrivalLedgerPart {
  /** First arrivals. */
  readonly received: number
  readonly duplicate: number
  readonly reordered: number
  readonly foreign: number
  readonly payloadBytes: number
  readonly foreignBytes: number
  /** Sent before this run began, by publishers elsewhere. */
  readonly backlog: number
  /** The most by which a message came before it was sent. */
  readonly earlyMicroseconds: number
}

/** What came in one phase, over all subscribers of one thread, or of all threads together. */
export class ArrivalLedger implements ArrivalLedgerPart {
  received = 0
  duplicate = 0
  reordered = 0
  foreign = 0
  payloadBytes = 0
  foreignBytes = 0
  backlog = 0
  earlyMicroseconds = 0

  get part(): ArrivalLedgerPart {
    const { received, duplicate, reordered, foreign, payloadBytes, foreignBytes, backlog, earlyMicroseconds } = this
    return { received, duplicate, reordered, foreign, payloadBytes, foreignBytes, backlog, earlyMicroseconds }
  }

  add(part: ArrivalLedgerPart): void {
    this.received += part.received
    this.duplicate += part.duplicate
    this.reordered += part.reordered
    this.foreign += part.foreign
    this.payloadBytes += part.payloadBytes
    this.foreignBytes += part.foreignBytes
    this.backlog += part.backlog
    this.earlyMicroseconds = Math.max(this.earlyMicroseconds, part.earlyMicroseconds)
  }
}
