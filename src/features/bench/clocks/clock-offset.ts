import type { Measure } from '../events.ts'
import { eitherBounds, type OffsetBounds } from './round-trip.ts'

/** How another machine's clock stood to ours during a run. What is negative is behind. */
export interface ClockOffset {
  /** Added to what our clock says gives what theirs says: as it was known when the load began, and taken into every time. */
  readonly offsetMicroseconds: number
  /** The true offset was never further from it. */
  readonly errorMicroseconds: number
  /** Microseconds a second by which their clock gains on ours; null where only one moment was looked at. */
  readonly driftPerMillion: Measure
}

/** What was found out at one moment, by our clock. */
export interface OffsetLook {
  readonly atMicroseconds: number
  readonly bounds: OffsetBounds
}

/** Reading a clock is no more exact than that. */
const clockReadingMicroseconds = 1

/**
 * From a look before the load and one after it. In between a clock may have gained on the other, in whatever course: the
 * offset lay between what both looks allow. Without the second look nothing is known of the time between.
 */
export function clockOffsetOver(before: OffsetLook, after: OffsetLook | undefined): ClockOffset {
  const offsetMicroseconds = middleOf(before.bounds)
  const { lowestMicroseconds, highestMicroseconds } =
    after === undefined ? before.bounds : eitherBounds(before.bounds, after.bounds)
  const furthest = Math.max(highestMicroseconds - offsetMicroseconds, offsetMicroseconds - lowestMicroseconds)
  return {
    offsetMicroseconds,
    errorMicroseconds: Math.ceil(furthest) + clockReadingMicroseconds,
    driftPerMillion: after === undefined ? null : driftBetween(before, after),
  }
}

function middleOf({ lowestMicroseconds, highestMicroseconds }: OffsetBounds): number {
  return Math.round((lowestMicroseconds + highestMicroseconds) / 2)
}

function driftBetween(before: OffsetLook, after: OffsetLook): Measure {
  const seconds = (after.atMicroseconds - before.atMicroseconds) / 1e6
  return seconds > 0 ? (middleOf(after.bounds) - middleOf(before.bounds)) / seconds : null
}
