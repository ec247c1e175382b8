import type { LoadTopics } from '../naming/load-topics.ts'
import type { BenchSettings } from '../settings.ts'
import type { WorkerSlice } from './load-worker.ts'

/** The publishers that a slice has: they take turns. */
export function publishersOf({ publishers }: BenchSettings, { index, of }: WorkerSlice): number[] {
  return numbersBelow(publishers).filter((publisher) => publisher % of === index)
}

/**
 * The subscribers that a slice has: the turn goes on after the last publisher, so that one of each are in two slices.
 * The members of a shared subscription stay together: only who sees all that they get can tell what came twice.
 */
export function subscribersOf(
  { publishers, subscribers, share }: BenchSettings,
  { index, of }: WorkerSlice,
  topics: LoadTopics,
): number[] {
  if (share === undefined) {
    return numbersBelow(subscribers).filter((subscriber) => (publishers + subscriber) % of === index)
  }
  const groups = new Map<string, number>()
  return numbersBelow(subscribers).filter((subscriber) => {
    const filter = topics.filterOf(subscriber)
    const group = groups.get(filter) ?? groups.size
    groups.set(filter, group)
    return (publishers + group) % of === index
  })
}

/** The number of the slice that has the first of all clients: subscriber 0, or publisher 0 where nobody subscribes. */
export function firstSlice({ publishers, subscribers }: BenchSettings, of: number): number {
  return subscribers > 0 ? publishers % of : 0
}

/** The last slice has what there is one of: the first one found out the version, and has a client more already. */
export function isLastSlice({ index, of }: WorkerSlice): boolean {
  return index === of - 1
}

function numbersBelow(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number)
}
