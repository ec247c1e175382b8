import type { MessageMatcher } from '../messages/message-matcher.ts'
import type { FilterTree } from '../naming/filter-tree.ts'
import type { LoadTopics } from '../naming/load-topics.ts'
import type { HeardFigures } from '../shard-figures.ts'

/**
 * What each publisher of the whole run owes the subscribers here, and what came of it. Publishers of other shards too:
 * how much they sent only they know, and who has both adds it up.
 */
export function heardFigures(
  topics: LoadTopics,
  publishers: number,
  audiences: FilterTree<{ readonly matcher: MessageMatcher }>,
  isCut: boolean,
): HeardFigures[] {
  const heard: HeardFigures[] = []
  for (let publisher = 0; publisher < publishers; publisher++) {
    const found = audiences.find(topics.arrivalTopicOf(publisher))
    if (found.length === 0) continue
    const single = found.filter(({ number }) => number !== undefined)
    const every = found.filter(({ number }) => number === undefined)
    const nextOf = ({ value }: (typeof found)[number]) => value.matcher.publishers[publisher]?.track.next ?? 0
    const arrivals = found.flatMap(({ value }) => value.matcher.publishers[publisher] ?? [])
    const sum = (of: (each: (typeof arrivals)[number]) => number) => arrivals.reduce((all, each) => all + of(each), 0)
    heard.push({
      publisher,
      audience: every.length,
      ...(single.length > 0 && { numbered: single.map(({ number = 0 }) => number) }),
      received: sum(({ received }) => received),
      duplicate: sum(({ duplicate }) => duplicate),
      reordered: sum(({ reordered }) => reordered),
      ...(isCut && { upTo: every.map(nextOf) }),
      ...(isCut && single.length > 0 && { numberedUpTo: single.map(nextOf) }),
    })
  }
  return heard
}

/** The same publishers' figures of several threads, each with subscribers of its own. */
export function heardTogether(parts: readonly (readonly HeardFigures[])[]): HeardFigures[] {
  const sums = new Map<number, HeardFigures>()
  for (const figures of parts.flat()) {
    const before = sums.get(figures.publisher)
    sums.set(figures.publisher, before === undefined ? figures : sumOf(before, figures))
  }
  return [...sums.values()].sort((a, b) => a.publisher - b.publisher)
}

function sumOf(one: HeardFigures, other: HeardFigures): HeardFigures {
  const numbered = [...(one.numbered ?? []), ...(other.numbered ?? [])]
  const upTo = [...(one.upTo ?? []), ...(other.upTo ?? [])]
  const numberedUpTo = [...(one.numberedUpTo ?? []), ...(other.numberedUpTo ?? [])]
  return {
    publisher: one.publisher,
    audience: one.audience + other.audience,
    ...(numbered.length > 0 && { numbered }),
    received: one.received + other.received,
    duplicate: one.duplicate + other.duplicate,
    reordered: one.reordered + other.reordered,
    ...(upTo.length > 0 && { upTo }),
    ...(numberedUpTo.length > 0 && { numberedUpTo }),
  }
}
