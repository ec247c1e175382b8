import type { ShardClock } from './clock-figures.ts'
import type { ClientCounts, ShardSettings } from './settings.ts'

/** What one publisher sent, in each phase. */
export interface SentFigures {
  readonly publisher: number
  readonly warmup: number
  readonly measured: number
}

/** What came of one publisher to the subscribers of one shard, in the phase that is measured. */
export interface HeardFigures {
  readonly publisher: number
  /** So many subscribers here, a shared subscription being one, are owed each of its messages. */
  readonly audience: number
  /** Single messages that somebody here is owed beside, by their numbers. */
  readonly numbered?: readonly number[]
  /** First arrivals. */
  readonly received: number
  readonly duplicate: number
  readonly reordered: number
  /** Where the drain was over while messages still came: of each subscriber, one above the highest number that came. */
  readonly upTo?: readonly number[]
  /** The same of those who are owed single messages, in the order of `numbered`. */
  readonly numberedUpTo?: readonly number[]
}

/** What one shard of a run says of its part, so that the parts can be put together by counting. */
export interface ShardFigures extends Omit<ShardSettings, 'isPaired'> {
  /** The same for all shards that were asked for the same run. */
  readonly settings: string
  /** What `%i` is in the first client here. */
  readonly firstClient: number
  readonly clients: ClientCounts
  readonly whole: ClientCounts
  readonly sent: readonly SentFigures[]
  readonly heard: readonly HeardFigures[]
  /** What this shard learned of the others, where they met. */
  readonly others?: readonly OtherShard[]
  /** Of those whose messages came here. */
  readonly clocks?: readonly ShardClock[]
}

/** What one shard learned of another. */
export interface OtherShard {
  readonly index: number
  /** `gone`: it left without a word, or the network did. `running`: it had not said that it was done. `unknown`: we lost the rendezvous. */
  readonly state: 'done' | 'running' | 'stopped' | 'gone' | 'never came' | 'unknown'
  /** Since the load began. */
  readonly afterSeconds?: number
}
