/** What came in one phase, over all subscribers of one thread. */
export class ArrivalLedger {
  /** First arrivals. */
  received = 0
  duplicate = 0
  reordered = 0
  foreign = 0
  payloadBytes = 0
  foreignBytes = 0
}
