/**
 * A question to another machine through the broker and its answer, each of the four moments by the clock of the machine
 * that was there: microseconds since the epoch.
 */
export interface RoundTrip {
  readonly asked: number
  readonly heard: number
  readonly answered: number
  readonly back: number
}

/**
 * Their clock is ahead of ours by something between these two, whatever the network did: nothing arrives before it was
 * sent. What is negative is behind.
 */
export interface OffsetBounds {
  readonly lowestMicroseconds: number
  readonly highestMicroseconds: number
}

/**
 * The quickest question and the quickest answer say the most, as in NTP, and need not be of one round trip: what waited
 * on one of the two ways says nothing about the other. Undefined where nobody answered.
 */
export function offsetBounds(trips: readonly RoundTrip[]): OffsetBounds | undefined {
  if (trips.length === 0) return undefined
  const fromAnswers = trips.map(({ answered, back }) => answered - back)
  const fromQuestions = trips.map(({ asked, heard }) => heard - asked)
  const lowest = Math.max(...fromAnswers)
  const highest = Math.min(...fromQuestions)
  if (lowest <= highest) return { lowestMicroseconds: lowest, highestMicroseconds: highest }
  // A clock was moved in between: no offset fits all, and anything that fitted one of them may be true.
  return { lowestMicroseconds: Math.min(...fromAnswers), highestMicroseconds: Math.max(...fromQuestions) }
}

/** What fits one of them, and everything between. */
export function eitherBounds(one: OffsetBounds, other: OffsetBounds): OffsetBounds {
  return {
    lowestMicroseconds: Math.min(one.lowestMicroseconds, other.lowestMicroseconds),
    highestMicroseconds: Math.max(one.highestMicroseconds, other.highestMicroseconds),
  }
}
