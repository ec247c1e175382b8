import type { ShardClock } from '../clock-figures.ts'
import { eitherBounds, type OffsetBounds } from './round-trip.ts'

/** What was found out at one moment, by our clock. */
export interface OffsetLook {
  readonly atMicroseconds: number
  readonly bounds: OffsetBounds
}

/** Reading a clock is no more exact than that. */
const clockReadingMicroseconds = 1

/**
 * From a look before the load and one after it. In between a clock may have gained on the other, in whatever course: the
 * offset lay between what both looks allow. Without the second look nothing is known of the time between, nor without
 * the first of anything.
 */
export function clockOffsetOver(
  before: OffsetLook | undefined,
  after: OffsetLook | undefined,
): Omit<ShardClock, 'shard'> {
  if (before === undefined) return { offsetMicroseconds: null, errorMicroseconds: null, driftPerMillion: null }
  const offsetMicroseconds = middleOf(before.bounds)
  if (after === undefined) return { offsetMicroseconds, errorMicroseconds: null, driftPerMillion: null }
  const { lowestMicroseconds, highestMicroseconds } = eitherBounds(before.bounds, after.bounds)
  const furthest = Math.max(highestMicroseconds - offsetMicroseconds, offsetMicroseconds - lowestMicroseconds)
  return {
    offsetMicroseconds,
    errorMicroseconds: Math.ceil(furthest) + clockReadingMicroseconds,
    driftPerMillion: driftBetween(before, after),
  }
}

export function middleOf({ lowestMicroseconds, highestMicroseconds }: OffsetBounds): number {
  return Math.round((lowestMicroseconds + highestMicroseconds) / 2)
}

function driftBetween(before: OffsetLook, after: OffsetLook): number | null {
  const seconds = (after.atMicroseconds - before.atMicroseconds) / 1e6
  return seconds > 0 ? (middleOf(after.bounds) - middleOf(before.bounds)) / seconds : null
}
