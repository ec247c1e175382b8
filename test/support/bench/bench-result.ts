import type { BenchResult, BenchSecond, LatencyFigures } from '../../../src/features/bench/events.ts'

export const figures = (p99Microseconds: number): LatencyFigures => ({
  count: 1000,
  meanMicroseconds: 900,
  p50Microseconds: 800,
  p90Microseconds: 1500,
  p95Microseconds: 1800,
  p99Microseconds,
  p99_9Microseconds: 40_000,
  maxMicroseconds: 50_000,
})

export const seconds: BenchSecond[] = Array.from({ length: 10 }, (_, second) => ({
  phase: 'measure',
  second: second + 1,
  offered: 1000,
  sent: 1000,
  acked: 1000,
  received: 990 + second,
  outstanding: 12,
  payloadBytes: 64_000,
  connected: 2,
  response: figures(2000 + 1000 * second),
  cpu: 0.1,
  loopDelayMaxMicroseconds: 500,
}))

/** A known run, with a broker whose words are not to be trusted. */
export const result: BenchResult = {
  v: 1,
  type: 'bench-result',
  mode: 'pubsub',
  load: 'paced',
  runId: '01020304',
  startedAt: '2026-01-02T03:04:05.000Z',
  target: 'mqtt://</script><script>alert(1)</script>:1883',
  mqttVersion: 5,
  qos: 1,
  publishers: 1,
  subscribers: 1,
  payloadBytes: [64, 64],
  measuredSeconds: 10,
  connect: {
    attempted: 3,
    connected: 2,
    refused: { 'Quota exceeded (0x97)': 1, '<img src=x onerror=alert(2)>': 2 },
    faults: {},
    lost: {},
    reconnected: 0,
    perSecond: 100,
    times: figures(9000),
  },
  messages: { offered: 10_000, sent: 10_000, acked: 10_000, refused: {}, unconfirmed: 0, unsent: 0, late: 0 },
  arrivals: {
    expected: 10_000,
    received: 9946,
    lost: 54,
    lateToArrive: 0,
    duplicate: 0,
    reordered: 0,
    ofWarmup: 0,
    foreign: 0,
    payloadBytes: 636_544,
  },
  rates: { asked: 1000, sent: 1000, received: 994.6, payloadBytes: 63_654 },
  response: figures(12_300),
  service: figures(11_000),
  generator: { cpu: 0.1, cpuMicrosecondsPerMessage: 5, workers: 1, residentBytes: 80_000_000, loopDelay: figures(500) },
  verdict: { isValid: true, problems: [], notes: ['a note for the reader'] },
  thresholds: [
    {
      threshold: 'p99>10ms',
      measured: 12_300,
      unit: 'µs',
      held: false,
      words: 'wanted p99 at most 10 ms; 12.3 ms: failed',
    },
  ],
  histograms: {},
}

export const points = {
  response: Array.from({ length: 60 }, (_, index) => ({
    percentile: 100 * (1 - 10 ** (-index / 20)),
    microseconds: 500 + index * 200,
  })),
}
