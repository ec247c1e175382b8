import type { ClockRange } from '../clock-figures.ts'

/** By how much the clock of a publisher is ahead of ours; 0 for those that are here. */
export function clockAheadOf(ranges: readonly ClockRange[]): (publisher: number) => number {
  return (publisher) => {
    const range = ranges.find((each) => publisher >= each.firstPublisher && publisher < each.endPublisher)
    return range?.offsetMicroseconds ?? 0
  }
}
