/** How the clock of another shard stood to ours during a run. What is negative is behind. */
export interface ShardClock {
  readonly shard: number
  /** Added to what our clock says gives what theirs says: as it was known when the load began, and taken into every time. */
  readonly offsetMicroseconds: number | null
  /** The true offset was never further from it. Both are null where the shard did not answer. */
  readonly errorMicroseconds: number | null
  /** Microseconds a second by which their clock gains on ours; null where only one moment was looked at. */
  readonly driftPerMillion: number | null
}

/** The publishers of one shard, whose clock is ahead of ours by so much: data that can go to another thread. */
export interface ClockRange {
  readonly firstPublisher: number
  readonly endPublisher: number
  readonly offsetMicroseconds: number
}
