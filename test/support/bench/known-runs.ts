import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import type { BenchResult } from '../../../src/features/bench/events.ts'
import { result } from './bench-result.ts'

/** What a made-up run came to; the rest of it is the run of `bench-result.ts`. */
export interface KnownRun {
  readonly runId?: string
  /** Of each of `timesEach` messages, microseconds. */
  readonly times?: readonly number[]
  readonly timesEach?: number
  /** Saturating, with so many messages a second. */
  readonly throughput?: number
  readonly lost?: number
  readonly refused?: number
  readonly problem?: string
  readonly qos?: 0 | 1 | 2
  readonly brokerVersion?: string
  readonly brokerStartedAt?: string
  /** Before and after. */
  readonly ruler?: readonly [number, number]
}

/** A result with a histogram of its own, as a run writes it. */
export function knownRun(known: KnownRun): BenchResult {
  const { times, throughput, lost = 0, refused = 0, problem } = known
  const arrivals = { ...result.arrivals, received: 10_000 - lost, lost, duplicate: 0 } as BenchResult['arrivals']
  return {
    ...result,
    runId: known.runId ?? '01020304',
    target: 'mqtt://127.0.0.1:1883',
    load: throughput === undefined ? 'paced' : 'saturate',
    connect: { ...result.connect, refused: refused === 0 ? {} : { 'Not authorized (0x87)': refused } },
    ...(arrivals && { arrivals }),
    rates: throughput === undefined ? result.rates : { sent: throughput, received: throughput, payloadBytes: 1 },
    verdict: { isValid: problem === undefined, problems: problem === undefined ? [] : [problem], notes: [] },
    thresholds: [],
    fingerprint: {
      settings: { mode: 'pubsub', qos: known.qos ?? 1 },
      machine: { cpu: 'a processor', cores: 4, kernel: 'Linux 6.1.0 x64', node: 'v20.19.0' },
      broker: { version: known.brokerVersion ?? 'mosquitto version 2.0.11' },
    },
    ...(known.brokerStartedAt !== undefined && { brokerStartedAt: known.brokerStartedAt }),
    ...(known.ruler && { ruler: rulerOf(known.ruler) }),
    histograms: times === undefined ? {} : { response: encoded(times, known.timesEach ?? 1) },
  }
}

/** Twenty times around `microseconds`, 500 of each: p50, p95, p99 and p99.9 are in proportion to it. */
export function timesAround(microseconds: number): Pick<KnownRun, 'times' | 'timesEach'> {
  const times = Array.from({ length: 20 }, (_, index) => Math.round(microseconds * (0.9 + index / 100)))
  return { times, timesEach: 500 }
}

function rulerOf([before, after]: readonly [number, number]): BenchResult['ruler'] {
  return { seconds: 2, before, after, drift: Math.abs(after / before - 1) }
}

function encoded(times: readonly number[], each: number): string {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  })
  for (const time of times) histogram.recordValueWithCount(time, each)
  return encodeIntoCompressedBase64(histogram as Parameters<typeof encodeIntoCompressedBase64>[0])
}
