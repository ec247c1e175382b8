import type { LoadTopics } from '../naming/load-topics.ts'
import type { BenchSettings, ShardSide } from '../settings.ts'
import type { WorkerSlice } from './load-worker.ts'

type Kind = 'connections' | 'publishers' | 'subscribers'

/** The publishers that a slice has: they take turns. */
export function publishersOf(settings: BenchSettings, slice: WorkerSlice): ShardSide {
  return turnsOf(sideOf(settings, 'publishers'), slice, 0)
}

/** The same of connections that only stay. */
export function connectionsOf(settings: BenchSettings, slice: WorkerSlice): ShardSide {
  return turnsOf(sideOf(settings, 'connections'), slice, 0)
}

/**
 * The subscribers that a slice has: the turn goes on after the last publisher, so that one of each are in two slices.
 * The members of a shared subscription stay together: only who sees all that they get can tell what came twice.
 */
export function subscribersOf(settings: BenchSettings, slice: WorkerSlice, topics: LoadTopics): ShardSide {
  const { publishers, share } = settings
  const side = sideOf(settings, 'subscribers')
  if (share === undefined) return turnsOf(side, slice, publishers)
  const groups = new Map<string, number>()
  return among(side, (_, number) => {
    const filter = topics.filterOf(number)
    const group = groups.get(filter) ?? groups.size
    groups.set(filter, group)
    return (publishers + group) % slice.of === slice.index
  })
}

/** The number of the slice that has the first of all clients: a subscriber, or a publisher where nobody subscribes. */
export function firstSlice({ publishers, subscribers }: BenchSettings, of: number): number {
  return subscribers > 0 ? publishers % of : 0
}

/** The number of the first of them all here. */
export function firstNumber(settings: BenchSettings, kind: Kind): number {
  return settings.part?.[kind].numbers[0] ?? 0
}

/** Who answers is one client of the run: on the last of its shards. */
export function hasResponder({ part }: BenchSettings): boolean {
  return part === undefined || part.index === part.count
}

/** The last slice has what there is one of: the first one found out the version, and has a client more already. */
export function isLastSlice({ index, of }: WorkerSlice): boolean {
  return index === of - 1
}

/** All clients of this kind that are here; without shards they are numbered from 0, and connect in that order. */
function sideOf(settings: BenchSettings, kind: Kind): ShardSide {
  if (settings.part !== undefined) return settings.part[kind]
  const numbers = Array.from({ length: settings[kind] }, (_, number) => number)
  return { numbers, places: numbers }
}

function turnsOf(side: ShardSide, { index, of }: WorkerSlice, firstTurn: number): ShardSide {
  return among(side, (position) => (firstTurn + position) % of === index)
}

/** Those of a side, with their places. */
export function among({ numbers, places }: ShardSide, isIn: (position: number, number: number) => boolean): ShardSide {
  const positions = [...numbers.keys()].filter((position) => isIn(position, numbers[position]!))
  return { numbers: positions.map((each) => numbers[each]!), places: positions.map((each) => places[each]!) }
}
