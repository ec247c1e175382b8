import type { Measure } from '../events.ts'

const stepsOfOctave = 16
const stepBits = 4
const buckets = stepsOfOctave * (33 - stepBits)

/** Plain data, which can go to another thread. */
export type TallyCounts = Uint32Array

/**
 * What one subscriber got while it was measured, and how long it took, in buckets six per cent wide: 2 KB each, where the
 * histogram of the whole run has 300. A thousand of them are to be compared, not plotted.
 */
export class SubscriberTally {
  received = 0
  readonly counts: TallyCounts = new Uint32Array(buckets)

  record(microseconds: number): void {
    const value = microseconds > 0 ? microseconds >>> 0 : 0
    if (value < stepsOfOctave) this.counts[value]!++
    else {
      const octave = 31 - Math.clz32(value)
      this.counts[(octave - stepBits + 1) * stepsOfOctave + ((value >>> (octave - stepBits)) & (stepsOfOctave - 1))]!++
    }
  }
}

/** The middle of the bucket that so many per cent are in or below; null where there are none. */
export function tallyPercentile(counts: TallyCounts, percentile: number): Measure {
  const total = counts.reduce((sum, each) => sum + each, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil((percentile / 100) * total))
  let seen = 0
  const found = counts.findIndex((each) => {
    seen += each
    return seen >= rank
  })
  return middleOf(found)
}

export function tallySum(all: readonly TallyCounts[]): TallyCounts {
  const sum = new Uint32Array(buckets)
  for (const counts of all) for (const [index, each] of counts.entries()) sum[index]! += each
  return sum
}

function middleOf(index: number): number {
  if (index < stepsOfOctave) return index
  const octave = Math.floor(index / stepsOfOctave) - 1
  const lowest = (stepsOfOctave + (index % stepsOfOctave)) * 2 ** octave
  return lowest + Math.floor(2 ** octave / 2)
}
