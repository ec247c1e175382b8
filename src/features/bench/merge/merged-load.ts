import { noFigures } from '../counters/second-figures.ts'
import type {
  BenchResult,
  ConnectFigures,
  GeneratorFigures,
  IdleFigures,
  Measure,
  MessageCounts,
  Reasons,
} from '../events.ts'
import type { EncodedHistograms } from './merged-histograms.ts'
import type { ShardResult } from './shard-results.ts'

/** What shards did and used, added up: they began together, and their rates are parts of one. */
export function mergedLoad(shards: readonly ShardResult[], histograms: EncodedHistograms) {
  const messages = present(shards, ({ messages: each }) => each)
  const warmups = present(shards, ({ warmup }) => warmup)
  const outstanding = present(shards, ({ outstanding: each }) => each)
  const [longest] = present(shards, ({ standstill }) => standstill).sort((a, b) => b.seconds - a.seconds)
  const early = Math.max(0, ...present(shards, ({ earlyMicroseconds }) => earlyMicroseconds))
  const idle = present(shards, ({ idle: each }) => each)
  return {
    publishers: sum(shards, ({ publishers }) => publishers),
    subscribers: sum(shards, ({ subscribers }) => subscribers),
    measuredSeconds: Math.max(...shards.map(({ measuredSeconds }) => measuredSeconds)),
    connect: mergedConnect(shards, histograms),
    ...(idle.length > 0 && { idle: mergedIdle(idle, histograms) }),
    ...(messages.length > 0 && { messages: mergedMessages(messages) }),
    ...(warmups.length > 0 && { warmup: mergedMessages(warmups) }),
    rates: mergedRates(shards),
    ...(outstanding.length > 0 && {
      outstanding: { most: sum(outstanding, ({ most }) => most), atEnd: sum(outstanding, ({ atEnd }) => atEnd) },
    }),
    ...(longest && { standstill: longest }),
    ...(early > 0 && { earlyMicroseconds: early }),
    generator: mergedGenerator(shards, histograms),
  }
}

function mergedMessages(parts: readonly MessageCounts[]): MessageCounts {
  return {
    offered: sum(parts, ({ offered }) => offered),
    sent: sum(parts, ({ sent }) => sent),
    acked: sum(parts, ({ acked }) => acked),
    refused: reasons(parts.map(({ refused }) => refused)),
    unconfirmed: sum(parts, ({ unconfirmed }) => unconfirmed),
    unsent: sum(parts, ({ unsent }) => unsent),
    late: sum(parts, ({ late }) => late),
  }
}

function mergedConnect(shards: readonly ShardResult[], { figures }: EncodedHistograms): ConnectFigures {
  const parts = shards.map(({ connect }) => connect)
  return {
    attempted: sum(parts, ({ attempted }) => attempted),
    connected: sum(parts, ({ connected }) => connected),
    refused: reasons(parts.map(({ refused }) => refused)),
    faults: reasons(parts.map(({ faults }) => faults)),
    lost: reasons(parts.map(({ lost }) => lost)),
    reconnected: sum(parts, ({ reconnected }) => reconnected),
    ...(figures.outages && { outages: figures.outages }),
    perSecond: measured(parts.map(({ perSecond }) => perSecond)),
    times: figures.connect ?? noFigures,
  }
}

function mergedRates(shards: readonly ShardResult[]): BenchResult['rates'] {
  const parts = shards.map(({ rates }) => rates)
  const has = (name: 'asked' | 'keptUp' | 'sent' | 'received') => parts.some((each) => each[name] !== undefined)
  return {
    ...(has('asked') && { asked: rounded(sum(parts, ({ asked = 0 }) => asked)) }),
    ...(has('keptUp') && { keptUp: sum(parts, ({ keptUp, asked = 0 }) => keptUp ?? asked) }),
    ...(has('sent') && { sent: measured(parts.map(({ sent = null }) => sent)) }),
    ...(has('received') && { received: measured(parts.map(({ received = null }) => received)) }),
    payloadBytes: measured(parts.map(({ payloadBytes }) => payloadBytes)),
  }
}

/** Thirds of a rate add up to it but for the last bits of a number. */
function rounded(perSecond: number): number {
  return Math.round(perSecond * 1e6) / 1e6
}

function mergedGenerator(shards: readonly ShardResult[], { figures }: EncodedHistograms): GeneratorFigures {
  const parts = shards.map(({ generator }) => generator)
  const busiest = Math.max(...parts.map(({ busiestWorkerCpu, cpu }) => busiestWorkerCpu ?? cpu ?? 0))
  return {
    cpu: measured(parts.map(({ cpu }) => cpu)),
    cpuMicrosecondsPerMessage: perMessage(shards),
    workers: sum(parts, ({ workers }) => workers),
    busiestWorkerCpu: busiest,
    residentBytes: sum(parts, ({ residentBytes }) => residentBytes),
    loopDelay: figures.loopDelay ?? noFigures,
    ...(figures.sendDelay && { sendDelay: figures.sendDelay }),
  }
}

/** All CPU time over all messages that it was spent on. */
function perMessage(shards: readonly ShardResult[]): Measure {
  const spent = shards.flatMap(({ generator: { cpu, cpuMicrosecondsPerMessage: each }, measuredSeconds }) =>
    cpu === null || each === null || each <= 0 ? [] : [{ microseconds: cpu * measuredSeconds * 1e6, each }],
  )
  const messages = sum(spent, ({ microseconds, each }) => microseconds / each)
  return messages > 0 ? sum(spent, ({ microseconds }) => microseconds) / messages : null
}

function mergedIdle(parts: readonly IdleFigures[], { storms }: EncodedHistograms): IdleFigures {
  const each = parts.flatMap(({ residentBytesEach, held }) =>
    residentBytesEach === undefined ? [] : [{ bytes: residentBytesEach, beside: held - 1 }],
  )
  const beside = sum(each, (part) => part.beside)
  return {
    connections: sum(parts, ({ connections }) => connections),
    held: sum(parts, ({ held }) => held),
    heldSeconds: Math.min(...parts.map(({ heldSeconds }) => heldSeconds)),
    ...(beside > 0 && { residentBytesEach: Math.round(sum(each, (part) => part.bytes * part.beside) / beside) }),
    storms: storms.map((times, index) => {
      const together = parts.flatMap((part) => part.storms[index] ?? [])
      return {
        reconnected: sum(together, ({ reconnected }) => reconnected),
        failed: reasons(together.map(({ failed }) => failed)),
        seconds: Math.max(...together.map(({ seconds }) => seconds)),
        times,
      }
    }),
  }
}

function reasons(parts: readonly Reasons[]): Reasons {
  const sums = new Map<string, number>()
  for (const [reason, count] of parts.flatMap((each) => Object.entries(each))) {
    sums.set(reason, (sums.get(reason) ?? 0) + count)
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What some did not measure they did not have a part in. */
function measured(parts: readonly Measure[]): Measure {
  const known = parts.filter((each) => each !== null)
  return known.length === 0 ? null : known.reduce((all, each) => all + each, 0)
}

function sum<Part>(parts: readonly Part[], of: (part: Part) => number): number {
  return parts.reduce((all, part) => all + of(part), 0)
}

function present<Found>(shards: readonly ShardResult[], of: (shard: ShardResult) => Found | undefined): Found[] {
  return shards.flatMap((shard) => {
    const found = of(shard)
    return found === undefined ? [] : [found]
  })
}
