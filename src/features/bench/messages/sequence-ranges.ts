/** Starts and ends (exclusive), ascending, in turn: plain data, which can go to another thread. */
export type SequenceRanges = readonly number[]

/** How many numbers two sets of ranges have in common. */
export function numbersInBoth(one: SequenceRanges, other: SequenceRanges): number {
  let [count, left, right] = [0, 0, 0]
  while (left < one.length && right < other.length) {
    const [endOfOne = 0, endOfOther = 0] = [one[left + 1], other[right + 1]]
    count += Math.max(0, Math.min(endOfOne, endOfOther) - Math.max(one[left]!, other[right]!))
    if (endOfOne <= endOfOther) left += 2
    else right += 2
  }
  return count
}

/** How many numbers are in them. */
export function numbersIn(ranges: SequenceRanges): number {
  let count = 0
  for (let index = 0; index < ranges.length; index += 2) count += ranges[index + 1]! - ranges[index]!
  return count
}
