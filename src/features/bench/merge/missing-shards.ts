import type { ShardResult } from './shard-results.ts'

/** Shards of the run that there is no result of, by number. */
export function missingShards(shards: readonly ShardResult[]): readonly number[] {
  const found = new Set(shards.map(({ shard }) => shard.index))
  const { count = 0 } = shards[0]?.shard ?? {}
  return Array.from({ length: count }, (_, index) => index + 1).filter((index) => !found.has(index))
}
