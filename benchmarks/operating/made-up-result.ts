import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'

/** One run as a model of noise makes it. */
export interface MadeUpRun {
  /** All durations, times this. */
  readonly level: number
  /** Those above the p95, times this too. */
  readonly tail: number
  /** When the broker started, seconds; undefined where it does not say. */
  readonly startedSecond?: number
}

/** A common distribution of response times, microseconds: up to its p95, and beyond it. */
const bulk = Array.from({ length: 19 }, (_, index) => 400 + 25 * index + 2 * index ** 2)
/** How many of each: enough that more than ten lie above the p99.9. */
const bulkEach = 1000
const slowest = [
  [2000, 700],
  [2600, 200],
  [3600, 80],
  [9000, 20],
] as const

/** A line of JSON, as `bench --json` prints a result: its percentiles are in its histogram and nowhere else. */
export function resultLine(run: MadeUpRun, runId: number, holds: 'times too' | 'rate alone' = 'times too'): string {
  const { level, tail, startedSecond } = run
  return JSON.stringify({
    ...frame,
    runId: runId.toString(16).padStart(8, '0'),
    rates: { sent: 10_000 / level, received: 10_000 / level, payloadBytes: 640_000 },
    ...(startedSecond !== undefined && { brokerStartedAt: new Date(startedSecond * 1000).toISOString() }),
    histograms: holds === 'rate alone' ? {} : { response: histogram(level, tail) },
  })
}

function histogram(level: number, tail: number): string {
  const durations = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  })
  for (const each of bulk) durations.recordValueWithCount(Math.round(each * level), bulkEach)
  for (const [each, count] of slowest) durations.recordValueWithCount(Math.round(each * level * tail), count)
  return encodeIntoCompressedBase64(durations as Parameters<typeof encodeIntoCompressedBase64>[0])
}

/** What is the same in all of them. */
const frame = {
  v: 1,
  type: 'bench-result',
  mode: 'pubsub',
  load: 'saturate',
  startedAt: '2026-01-02T03:04:05.000Z',
  target: 'mqtt://127.0.0.1:1883',
  mqttVersion: 5,
  qos: 1,
  publishers: 1,
  subscribers: 1,
  payloadBytes: [64, 64],
  measuredSeconds: 2,
  connect: { attempted: 2, connected: 2, refused: {}, faults: {}, lost: {}, reconnected: 0, perSecond: 100 },
  messages: { offered: 20_000, sent: 20_000, acked: 20_000, refused: {}, unconfirmed: 0, unsent: 0, late: 0 },
  arrivals: { expected: 20_000, received: 20_000, lost: 0, duplicate: 0, ofWarmup: 0, foreign: 0, payloadBytes: 0 },
  fingerprint: { settings: { mode: 'pubsub' }, machine: { cores: 2 }, broker: { version: 'made up' } },
  verdict: { isValid: true, problems: [], notes: [] },
  thresholds: [],
}
