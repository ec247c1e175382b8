import { LatencyRecorder } from '../counters/latency-recorder.ts'
import { noFigures } from '../counters/second-figures.ts'
import type { BenchOutcome, BenchResult, Judged, LatencyFigures } from '../events.ts'
import { isTooUncertain } from '../report/clock-problems.ts'
import { evaluate } from '../report/thresholds.ts'
import type { Threshold } from '../settings.ts'
import { mergedArrivals } from './merged-arrivals.ts'
import { mergedFingerprint } from './merged-fingerprint.ts'
import { type EncodedHistograms, mergedHistograms } from './merged-histograms.ts'
import { mergedLoad } from './merged-load.ts'
import { mergedSeconds } from './merged-seconds.ts'
import { mergedVerdict } from './merged-verdict.ts'
import { missingShards } from './missing-shards.ts'
import type { ShardResult } from './shard-results.ts'

/**
 * One result of the shards of a run, in whatever order and of however many files: counts are added, histograms too, and
 * what a publisher sent on one machine is compared with what came of it on others. No percentile is averaged.
 */
export function mergeResults(shards: readonly ShardResult[], thresholds: readonly Threshold[]): BenchResult {
  const [first] = shards as readonly [ShardResult, ...ShardResult[]]
  const histograms = withinTheirClocks(mergedHistograms(shards), shards)
  const measured: Judged = {
    ...runOf(first),
    startedAt: shards.map(({ startedAt }) => startedAt).sort()[0] ?? first.startedAt,
    target: [...new Set(shards.map(({ target }) => target))].join(', '),
    ...versionOf(shards),
    ...mergedLoad(shards, histograms),
    ...mergedArrivals(shards),
    ...timesOf(histograms, shards),
    histograms: histograms.encoded,
    ...mergedFingerprint(shards),
    merged: {
      run: first.shard.run,
      count: first.shard.count,
      missing: missingShards(shards),
    },
    seconds: mergedSeconds(shards),
    shards,
  }
  const judged = { ...measured, verdict: mergedVerdict(shards, measured) }
  return { ...judged, thresholds: evaluate(thresholds, judged) }
}

/** The same in every form that a run has. Seconds have no times: percentiles do not add up. */
export function mergedOutcome(result: BenchResult): Omit<BenchOutcome, 'failure'> {
  const { response, service, acknowledged, connect } = result.histograms
  const recorders = Object.entries({ response, service, acknowledged, connect }).flatMap(([name, encoded]) => {
    if (encoded === undefined) return []
    const recorder = new LatencyRecorder()
    recorder.add(encoded)
    return [[name, recorder] as const]
  })
  return {
    result,
    seconds: result.seconds ?? [],
    distributions: Object.fromEntries(recorders.map(([name, recorder]) => [name, recorder.hgrm()])),
    points: Object.fromEntries(recorders.map(([name, recorder]) => [name, recorder.points()])),
  }
}

/** What is the same for all of them. */
function runOf({ mode, load, runId, qos, payloadBytes }: ShardResult) {
  return { v: 1, type: 'bench-result', mode, load, runId, qos, payloadBytes } as const
}

function versionOf(shards: readonly ShardResult[]): Pick<BenchResult, 'mqttVersion'> {
  const [version, other] = new Set(shards.flatMap(({ mqttVersion }) => mqttVersion ?? []))
  return version === undefined || other !== undefined ? {} : { mqttVersion: version }
}

function timesOf({ figures }: EncodedHistograms, shards: readonly ShardResult[]) {
  const { acknowledged, acknowledgedService, subscribed } = figures
  const isTimed = shards.some((each) => each.response !== undefined)
  const { response = noFigures, service = noFigures } = figures
  return {
    ...(subscribed && { subscribed }),
    ...(isTimed && { response: { ...response, ...clockErrorOf(shards.map((each) => each.response)) } }),
    ...(isTimed && { service: { ...service, ...clockErrorOf(shards.map((each) => each.service)) } }),
    ...(acknowledged && { acknowledged }),
    ...(acknowledgedService && { acknowledgedService }),
  }
}

/** Where the largest error is too much for the median of all messages, times that shards told each by itself are not the run's. */
function withinTheirClocks(histograms: EncodedHistograms, shards: readonly ShardResult[]): EncodedHistograms {
  const isTold = (name: 'response' | 'service') => {
    const { clockErrorMicroseconds } = clockErrorOf(shards.map((each) => each[name]))
    return !isTooUncertain(clockErrorMicroseconds, histograms.figures[name]?.p50Microseconds ?? null)
  }
  const { response, service, ...encoded } = histograms.encoded
  const { response: responseFigures, service: serviceFigures, ...figures } = histograms.figures
  return {
    ...histograms,
    encoded: {
      ...encoded,
      ...(response !== undefined && isTold('response') && { response }),
      ...(service !== undefined && isTold('service') && { service }),
    },
    figures: {
      ...figures,
      ...(responseFigures && isTold('response') && { response: responseFigures }),
      ...(serviceFigures && isTold('service') && { service: serviceFigures }),
    },
  }
}

/** What the clocks of any shard leave open the times of all of them leave open. */
function clockErrorOf(
  figures: readonly (LatencyFigures | undefined)[],
): Pick<LatencyFigures, 'clockErrorMicroseconds'> {
  const errors = figures.flatMap((each) =>
    each?.clockErrorMicroseconds === undefined ? [] : [each.clockErrorMicroseconds],
  )
  if (errors.length === 0) return {}
  const known = errors.filter((each) => each !== null)
  return { clockErrorMicroseconds: known.length < errors.length ? null : Math.max(...known) }
}
