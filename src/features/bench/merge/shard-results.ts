import { MqttCliError } from '../../../errors.ts'
import { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { BenchResult } from '../events.ts'
import type { ShardFigures } from '../shard-figures.ts'

/** A result of one shard of a run. */
export type ShardResult = BenchResult & { readonly shard: ShardFigures }

/** A result, and the file that it is from, for errors. */
export interface NamedResult {
  readonly result: BenchResult
  readonly name: string
}

interface NamedShard {
  readonly result: ShardResult
  readonly name: string
}

/**
 * The shards in these results, by number; those of a merged result are in it. Throws kind 'usage' for what is not of one
 * run, or there twice, and kind 'local-io' for what a file holds that no shard wrote.
 */
export function shardResults(results: readonly NamedResult[]): readonly ShardResult[] {
  const shards = results
    .flatMap(({ result, name }) => (result.shards ?? [result]).map((each) => named(each, name)))
    .sort((a, b) => a.result.shard.index - b.result.shard.index)
  const [first, ...others] = shards
  for (const other of others) refuseOtherRun(first!, other)
  for (const [position, other] of others.entries()) refuseTwice(shards[position]!, other)
  return shards.map(({ result }) => result)
}

function named(result: BenchResult, name: string): NamedShard {
  const { shard } = result
  if (shard === undefined) {
    throw usage(`${name} is a whole run, and no shard of one`, 'merge results of shards')
  }
  if (!isShard(shard) || !isWhole(result) || !areHistograms(result.histograms)) {
    throw new MqttCliError('local-io', `Cannot merge ${name}: it holds what no shard wrote`, {
      layer: 'file',
      tries: ['give files as shards wrote them, as JSON'],
    })
  }
  return { result: { ...result, shard }, name }
}

function refuseOtherRun(one: NamedShard, other: NamedShard): void {
  const [a, b] = [one.result, other.result]
  if (a.shard.run !== b.shard.run || a.runId !== b.runId) {
    throw usage(
      `${one.name} is of the run ${a.shard.run}, and ${other.name} of ${b.shard.run}`,
      'merge the shards of one run',
    )
  }
  if (a.shard.settings === b.shard.settings && a.shard.count === b.shard.count && a.mode === b.mode) return
  throw usage(`${one.name} and ${other.name} were asked for different loads`, 'merge the shards of one run')
}

function refuseTwice(one: NamedShard, other: NamedShard): void {
  if (one.result.shard.index !== other.result.shard.index) return
  const files = one.name === other.name ? one.name : `${one.name} and ${other.name}`
  throw usage(`shard ${one.result.shard.index} is there twice: ${files}`, 'give each shard once')
}

function usage(message: string, ...tries: readonly string[]): MqttCliError {
  return new MqttCliError('usage', message, { layer: 'command line', tries })
}

/** Enough of its shape that adding it up is adding numbers: a file is what anybody made of it. */
function isShard({ index, count, run, sent, heard, others = [] }: ShardFigures): boolean {
  return (
    [index, count].every((each) => Number.isSafeInteger(each) && each >= 1) &&
    index <= count &&
    typeof run === 'string' &&
    [sent, heard, others].every(Array.isArray) &&
    sent.every(({ publisher, warmup, measured }) => areCounts(publisher, warmup, measured)) &&
    heard.every(({ publisher, audience, received, duplicate, reordered, ...lists }) => {
      const { numbered = [], numberedUpTo = [], upTo = [] } = lists
      const areLists = [numbered, numberedUpTo, upTo].every((each) => Array.isArray(each) && areCounts(...each))
      return areLists && areCounts(publisher, audience, received, duplicate, reordered)
    })
  )
}

/** All that every result has. */
function isWhole({
  connect,
  rates,
  generator,
  verdict,
  thresholds,
  seconds = [],
  perPublisher = [],
}: BenchResult): boolean {
  return (
    [connect.refused, connect.faults, connect.lost, rates, generator].every((each) => typeof each === 'object') &&
    [verdict.notes, thresholds, seconds, perPublisher].every(Array.isArray) &&
    areCounts(connect.attempted, connect.connected, connect.reconnected) &&
    seconds.every(({ second }) => typeof second === 'number') &&
    perPublisher.every(({ publisher, received, lost }) => areCounts(publisher, received, lost))
  )
}

function areCounts(...values: readonly unknown[]): boolean {
  return values.every((each) => Number.isSafeInteger(each) && Number(each) >= 0)
}

function areHistograms(histograms: BenchResult['histograms']): boolean {
  const { storms = [], ...others } = histograms
  try {
    for (const each of [...Object.values(others), ...storms]) new LatencyRecorder().add(each)
    return true
  } catch {
    return false
  }
}
