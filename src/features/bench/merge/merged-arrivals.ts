import type { ArrivalCounts, BenchResult, Measure, PublisherFigures } from '../events.ts'
import type { HeardFigures, SentFigures } from '../shard-figures.ts'
import type { ShardResult } from './shard-results.ts'

/** What the subscribers of all shards were owed by the publishers of all shards, and what came. */
export function mergedArrivals(shards: readonly ShardResult[]): Pick<BenchResult, 'arrivals' | 'perPublisher'> {
  const parts = shards.flatMap(({ arrivals }) => arrivals ?? [])
  if (parts.length === 0) return {}
  const publishers = shards[0]?.mode === 'sub' ? strangers(shards) : matched(shards)
  const isCountedOnly = parts.some(({ lost }) => lost === undefined)
  const isKnown = publishers.length > 0 && publishers.every(({ expected }) => expected !== undefined)
  const arrivals: ArrivalCounts = {
    ...(isKnown && { expected: sum(publishers, ({ expected = 0 }) => expected) }),
    received: sum(parts, ({ received }) => received),
    ...(!isCountedOnly && {
      lost: sum(publishers, ({ lost }) => lost),
      ...(publishers.some(({ lostAcked }) => lostAcked !== undefined) && { lostAcked: acknowledged(publishers) }),
      lateToArrive: sum(publishers, ({ lateToArrive }) => lateToArrive),
      duplicate: sum(parts, ({ duplicate = 0 }) => duplicate),
      reordered: sum(parts, ({ reordered = 0 }) => reordered),
    }),
    ofWarmup: sum(parts, ({ ofWarmup }) => ofWarmup),
    ...(parts.some(({ backlog }) => backlog !== undefined) && { backlog: sum(parts, ({ backlog = 0 }) => backlog) }),
    foreign: sum(parts, ({ foreign }) => foreign),
    payloadBytes: sum(parts, ({ payloadBytes }) => payloadBytes),
  }
  return { arrivals, ...(!isCountedOnly && { perPublisher: publishers }) }
}

/** By counting: what each publisher sent, times whom it is for on each shard, against what came there. */
function matched(shards: readonly ShardResult[]): PublisherFigures[] {
  const sent = new Map(shards.flatMap(({ shard }) => shard.sent).map((each) => [each.publisher, each]))
  const heard = new Map<number, HeardFigures[]>()
  for (const each of shards.flatMap(({ shard }) => shard.heard)) {
    heard.set(each.publisher, [...(heard.get(each.publisher) ?? []), each])
  }
  const rows = rowsByPublisher(shards)
  const isAcknowledged = shards[0]?.mode === 'pubsub' && shards[0].qos > 0
  return [...new Set([...sent.keys(), ...heard.keys()])]
    .sort((a, b) => a - b)
    .map((publisher) => {
      const from = sent.get(publisher)
      const own = rows.get(publisher) ?? []
      if (from === undefined) return added(own, publisher)
      const figures = ofPublisher(from, heard.get(publisher) ?? [])
      return isAcknowledged ? { ...figures, lostAcked: lostAcked(own, figures.lost) } : figures
    })
}

function ofPublisher(sent: SentFigures, heard: readonly HeardFigures[]): PublisherFigures {
  const expected = sum(heard, (each) => owedTo(each, sent))
  const received = sum(heard, (each) => each.received)
  const lateToArrive = sum(heard, (each) => lateOf(each, sent))
  const lost = expected - received - lateToArrive
  return {
    publisher: sent.publisher,
    expected,
    received,
    lost,
    lateToArrive,
    duplicate: sum(heard, (each) => each.duplicate),
    reordered: sum(heard, (each) => each.reordered),
  }
}

/** Which ones its publisher knows to be acknowledged only it could compare: known where all that were lost were lost to its own shard. */
function lostAcked(own: readonly PublisherFigures[], lost: number): Measure {
  if (lost === 0) return 0
  return own.find((each) => each.lostAcked !== undefined && each.lost === lost)?.lostAcked ?? null
}

function owedTo({ audience, numbered = [] }: HeardFigures, { warmup, measured }: SentFigures): number {
  return audience * measured + numbered.filter((number) => number >= warmup && number < warmup + measured).length
}

/** Behind the last that came, where the drain was over while messages still came. */
function lateOf(
  { upTo = [], numbered = [], numberedUpTo = [] }: HeardFigures,
  { warmup, measured }: SentFigures,
): number {
  const end = warmup + measured
  const after = sum(upTo, (next) => Math.max(0, end - Math.max(warmup, next)))
  const isLate = (number: number, next: number) => number >= warmup && number < end && number >= next
  return (
    after + numbered.filter((number, index) => isLate(number, numberedUpTo[index] ?? Number.POSITIVE_INFINITY)).length
  )
}

/** Publishers elsewhere: what each shard found missing. */
function strangers(shards: readonly ShardResult[]): PublisherFigures[] {
  return [...rowsByPublisher(shards)].sort(([a], [b]) => a - b).map(([publisher, rows]) => added(rows, publisher))
}

function rowsByPublisher(shards: readonly ShardResult[]): Map<number, PublisherFigures[]> {
  const rows = new Map<number, PublisherFigures[]>()
  for (const each of shards.flatMap(({ perPublisher = [] }) => perPublisher)) {
    const before = rows.get(each.publisher)
    if (before === undefined) rows.set(each.publisher, [each])
    else before.push(each)
  }
  return rows
}

function added(rows: readonly PublisherFigures[], publisher: number): PublisherFigures {
  return {
    publisher,
    received: sum(rows, ({ received }) => received),
    lost: sum(rows, ({ lost }) => lost),
    lateToArrive: sum(rows, ({ lateToArrive }) => lateToArrive),
    duplicate: sum(rows, ({ duplicate }) => duplicate),
    reordered: sum(rows, ({ reordered }) => reordered),
  }
}

function acknowledged(publishers: readonly PublisherFigures[]): Measure {
  const parts = publishers.map(({ lostAcked: each = 0 }) => each)
  return parts.some((each) => each === null) ? null : sum(parts, (each) => each ?? 0)
}

function sum<Part>(parts: readonly Part[], of: (part: Part) => number): number {
  return parts.reduce((all, part) => all + of(part), 0)
}
