/** The counters as plain data: what one thread tells another. */
export interface ArrivalCountersData {
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
export class ArrivalCounters implements ArrivalCountersData {
  received = 0
  duplicate = 0
  reordered = 0
  foreign = 0
  payloadBytes = 0
  foreignBytes = 0
  backlog = 0
  earlyMicroseconds = 0

  get data(): ArrivalCountersData {
    const { received, duplicate, reordered, foreign, payloadBytes, foreignBytes, backlog, earlyMicroseconds } = this
    return { received, duplicate, reordered, foreign, payloadBytes, foreignBytes, backlog, earlyMicroseconds }
  }

  add(data: ArrivalCountersData): void {
    this.received += data.received
    this.duplicate += data.duplicate
    this.reordered += data.reordered
    this.foreign += data.foreign
    this.payloadBytes += data.payloadBytes
    this.foreignBytes += data.foreignBytes
    this.backlog += data.backlog
    this.earlyMicroseconds = Math.max(this.earlyMicroseconds, data.earlyMicroseconds)
  }
}
