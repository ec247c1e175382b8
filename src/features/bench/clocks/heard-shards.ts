import { FilterTree } from '../naming/filter-tree.ts'
import { LoadTopics } from '../naming/load-topics.ts'
import type { BenchSettings } from '../settings.ts'
import { blockOf } from '../shards/shard-sides.ts'

/** Other shards whose publishers somebody here gets messages of: theirs are the clocks that our times depend on. */
export function heardShards(settings: BenchSettings, filters: readonly string[], runName: string): readonly number[] {
  const { part, mode } = settings
  if (part === undefined || mode === 'rpc' || filters.length === 0) return []
  const tree = new FilterTree<true>()
  for (const filter of filters) tree.add(filter, true)
  const topics = new LoadTopics(settings, runName)
  const isHeard = (shard: number) =>
    publishersOf(part, shard).some((publisher) => tree.find(topics.arrivalTopicOf(publisher)).length > 0)
  return Array.from({ length: part.count }, (_, index) => index + 1).filter(
    (shard) => shard !== part.index && isHeard(shard),
  )
}

type Part = NonNullable<BenchSettings['part']>

/** By their numbers in the whole run. */
function publishersOf({ whole, count }: Part, index: number): number[] {
  const { first, size } = blockOf(whole.publishers, { index, count })
  return Array.from({ length: size }, (_, position) => first + position)
}
