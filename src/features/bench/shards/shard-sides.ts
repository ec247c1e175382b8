import type { ShardSettings, ShardSide } from '../settings.ts'

type Share = Pick<ShardSettings, 'index' | 'count'>

/** The first and the number of things that a shard has of so many: in their order, the first shards one more. */
export function blockOf(total: number, { index, count }: Share): { readonly first: number; readonly size: number } {
  const least = Math.floor(total / count)
  const more = total % count
  return { first: (index - 1) * least + Math.min(index - 1, more), size: least + (index <= more ? 1 : 0) }
}

/** So many clients that follow one another. The shards take turns in connecting: together they begin when one alone would. */
export function sideOf(total: number, share: Share): ShardSide {
  const { first, size } = blockOf(total, share)
  return {
    numbers: Array.from({ length: size }, (_, position) => first + position),
    places: Array.from({ length: size }, (_, position) => position * share.count + share.index - 1),
  }
}

/** Members of a shared subscription stay on one shard: only who sees all that they get can tell what came twice. */
export function groupedSide(filters: readonly string[], share: Share): ShardSide {
  const groups = new Map<string, number>()
  for (const filter of filters) if (!groups.has(filter)) groups.set(filter, groups.size)
  const { first, size } = blockOf(groups.size, share)
  const isHere = (filter: string) => {
    const group = groups.get(filter) ?? 0
    return group >= first && group < first + size
  }
  const numbers = filters.flatMap((filter, number) => (isHere(filter) ? [number] : []))
  return { numbers, places: numbers }
}
