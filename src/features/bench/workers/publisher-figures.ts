import type { ArrivalCounters } from '../counters/arrival-counters.ts'
import type { ArrivalCounts, Measure, PublisherFigures } from '../events.ts'
import type { LoadSubscriber, MessageMatcher, PublisherArrivals } from '../messages/message-matcher.ts'
import { numbersIn, numbersInBoth, type SequenceRanges } from '../messages/sequence-ranges.ts'
import { FilterTree } from '../naming/filter-tree.ts'
import { type BenchSettings, wholeOf } from '../settings.ts'
import type { PublisherFacts } from './load-worker.ts'

/** One subscriber's, or one shared subscription's, part in the run. */
interface Audience {
  readonly filter: string
  readonly matcher: MessageMatcher
}

interface PublisherCounters {
  expected: number
  received: number
  lost: number
  /** Undefined where the broker acknowledges nothing. */
  lostAcked?: Measure
  lateToArrive: number
  duplicate: number
  reordered: number
}

/** What should have come: messages from this number on, and below that one. */
interface Owed {
  readonly from: number
  readonly to: number
  /** The drain was over while messages still came. */
  readonly isCut: boolean
  readonly neverAcknowledged: SequenceRanges | undefined
}

/** The same account, by who sent and by who should have got. */
interface Accounts {
  readonly perPublisher: readonly PublisherFigures[]
  /** Of each subscriber, or shared subscription, by its arrivals. */
  readonly perAudience: ReadonlyMap<MessageMatcher['publishers'], Omit<PublisherFigures, 'publisher'>>
}

/**
 * Every message that should have come to these subscribers against what came. Messages of the warm-up are left out.
 */
export function accountsOf(
  settings: BenchSettings,
  subscribers: readonly LoadSubscriber[],
  publishers: readonly PublisherFacts[],
  isCut: boolean,
): Accounts {
  const audiences = audiencesOf(subscribers)
  if (wholeOf(settings).publishers === 0) return accountsOfStrangers(audiences)
  const byFilter = treeOf(audiences)
  const isAcknowledged = settings.qos > 0 && settings.mode === 'pubsub'
  const perAudience = new Map(audiences.map(({ matcher }) => [matcher.publishers, noneYet(isAcknowledged)]))
  const known = publishers.map(({ index, topic, firstMeasured, sequence, neverAcknowledged }) => {
    const counters = noneYet(isAcknowledged)
    for (const { value, number } of byFilter.find(topic)) {
      const from = Math.max(firstMeasured, number ?? 0)
      const to = Math.max(from, Math.min(sequence, number === undefined ? sequence : number + 1))
      const { publishers: arrivals } = value.matcher
      for (const each of [counters, perAudience.get(arrivals)!]) {
        addArrivals(each, arrivals[index], { from, to, isCut, neverAcknowledged })
      }
    }
    return { publisher: index, ...counters }
  })
  return {
    perPublisher: settings.part === undefined ? known : [...known, ...ofOtherShards(audiences, known)],
    perAudience,
  }
}

function noneYet(isAcknowledged: boolean): PublisherCounters {
  const lostAcked = isAcknowledged ? { lostAcked: 0 } : {}
  return { expected: 0, received: 0, lost: 0, ...lostAcked, lateToArrive: 0, duplicate: 0, reordered: 0 }
}

/** Of whom nobody knows what they sent. */
function accountsOfStrangers(audiences: readonly Audience[]): Accounts {
  const perAudience = audiences.map((audience) => {
    const counters = { received: 0, lost: 0, lateToArrive: 0, duplicate: 0, reordered: 0 }
    for (const figures of audience.matcher.publishers) if (figures !== undefined) addStranger(counters, figures)
    return [audience.matcher.publishers, counters] as const
  })
  return { perPublisher: strangers(audiences), perAudience: new Map(perAudience) }
}

/** What they sent is known there. */
function ofOtherShards(audiences: readonly Audience[], known: readonly PublisherFigures[]): PublisherFigures[] {
  const numbers = new Set(known.map(({ publisher }) => publisher))
  return strangers(audiences).filter(({ publisher }) => !numbers.has(publisher))
}

/** The subscribers here, and shared subscriptions, by what they subscribe to. */
export function audienceTree(subscribers: readonly LoadSubscriber[]): FilterTree<Audience> {
  return treeOf(audiencesOf(subscribers))
}

function treeOf(audiences: readonly Audience[]): FilterTree<Audience> {
  const byFilter = new FilterTree<Audience>()
  for (const audience of audiences) byFilter.add(audience.filter, audience)
  return byFilter
}

/** They come in their order: a gap was lost. Behind the last that came they may still come, where the drain was cut. */
function addArrivals(
  counters: PublisherCounters,
  figures: PublisherArrivals | undefined,
  { from, to, isCut, neverAcknowledged }: Owed,
): void {
  const lateToArrive = isCut ? Math.max(0, to - Math.max(from, figures?.track.next ?? 0)) : 0
  const missing = figures === undefined ? [from, to] : figures.track.missingRanges(from, to - lateToArrive)
  counters.lostAcked = summed(counters.lostAcked, ackedAmong(missing, neverAcknowledged))
  counters.expected += to - from
  counters.lost += (figures?.track.missing(from, to) ?? to - from) - lateToArrive
  counters.lateToArrive += lateToArrive
  counters.received += figures?.received ?? 0
  counters.duplicate += figures?.duplicate ?? 0
  counters.reordered += figures?.reordered ?? 0
}

/** Null where nobody remembers which were lost, or which were acknowledged. */
function ackedAmong(missing: SequenceRanges | undefined, neverAcknowledged: SequenceRanges | undefined): Measure {
  if (missing?.length === 0) return 0
  if (missing === undefined || neverAcknowledged === undefined) return null
  return numbersIn(missing) - numbersInBoth(missing, neverAcknowledged)
}

/** A sum with a part that nobody knows is not known. */
function summed(sum: Measure | undefined, more: Measure | undefined): Measure | undefined {
  if (sum === undefined || more === undefined) return sum
  return sum === null || more === null ? null : sum + more
}

/** Publishers that are elsewhere: lost is what is missing between the first and the last that came. */
function strangers(audiences: readonly Audience[]): PublisherFigures[] {
  const byPublisher = new Map<number, Omit<PublisherCounters, 'expected'>>()
  for (const { matcher } of audiences) {
    for (const [publisher, figures] of matcher.publishers.entries()) {
      if (figures === undefined) continue
      const counters = byPublisher.get(publisher) ?? {
        received: 0,
        lost: 0,
        lateToArrive: 0,
        duplicate: 0,
        reordered: 0,
      }
      byPublisher.set(publisher, counters)
      addStranger(counters, figures)
    }
  }
  return [...byPublisher]
    .map(([publisher, counters]) => ({ publisher, ...counters }))
    .sort((a, b) => a.publisher - b.publisher)
}

function addStranger(counters: Omit<PublisherCounters, 'expected'>, figures: PublisherArrivals): void {
  counters.received += figures.received
  counters.lost += figures.track.missing(figures.first, figures.track.next)
  counters.duplicate += figures.duplicate
  counters.reordered += figures.reordered
}

function audiencesOf(subscribers: readonly LoadSubscriber[]): Audience[] {
  const byArrivals = new Map(subscribers.map(({ filter, matcher }) => [matcher.publishers, { filter, matcher }]))
  return [...byArrivals.values()]
}

/** The same publishers' figures of several threads, each with subscribers of its own. */
export function addedUp(parts: readonly (readonly PublisherFigures[])[]): PublisherFigures[] {
  const sums = new Map<number, PublisherFigures>()
  for (const figures of parts.flat()) {
    const before = sums.get(figures.publisher)
    sums.set(figures.publisher, before === undefined ? figures : sumOf(before, figures))
  }
  return [...sums.values()].sort((a, b) => a.publisher - b.publisher)
}

function sumOf(one: PublisherFigures, other: PublisherFigures): PublisherFigures {
  return {
    publisher: one.publisher,
    ...(one.expected !== undefined && { expected: one.expected + (other.expected ?? 0) }),
    received: one.received + other.received,
    lost: one.lost + other.lost,
    ...(one.lostAcked !== undefined && { lostAcked: summed(one.lostAcked, other.lostAcked) }),
    lateToArrive: one.lateToArrive + other.lateToArrive,
    duplicate: one.duplicate + other.duplicate,
    reordered: one.reordered + other.reordered,
  }
}

/** `isCountedOnly`: nobody can tell which message came, so none is called lost, duplicate or reordered. */
export function arrivalCounts(
  phaseCounters: ArrivalCounters,
  publishers: readonly PublisherFigures[],
  isCountedOnly: boolean,
  warmup: ArrivalCounters,
): ArrivalCounts {
  const isExpected = publishers.some(({ expected }) => expected !== undefined)
  return {
    ...(isExpected && { expected: publishers.reduce((sum, each) => sum + (each.expected ?? 0), 0) }),
    received: phaseCounters.received,
    ...(!isCountedOnly && {
      lost: publishers.reduce((sum, each) => sum + each.lost, 0),
      ...lostAckedOf(publishers),
      lateToArrive: publishers.reduce((sum, each) => sum + each.lateToArrive, 0),
      duplicate: phaseCounters.duplicate,
      reordered: phaseCounters.reordered,
    }),
    ofWarmup: warmup.received + warmup.duplicate,
    ...(!isExpected && { backlog: phaseCounters.backlog }),
    foreign: phaseCounters.foreign,
    payloadBytes: phaseCounters.payloadBytes,
  }
}

function lostAckedOf(publishers: readonly PublisherFigures[]): { readonly lostAcked?: Measure } {
  const [first, ...others] = publishers.map(({ lostAcked }) => lostAcked)
  const lostAcked = others.reduce(summed, first)
  return lostAcked === undefined ? {} : { lostAcked }
}
