import type { BenchResult } from '../../features/bench/events.ts'
import { countText, durationText, rateText } from './figures.ts'
import { countedText } from './headline.ts'

type ShardRow = readonly [name: string, value: string]

/** Which part of a run this is, or of which parts it is made, a row each. */
export function shardRows({ shard, merged, shards = [] }: BenchResult): ShardRow[] {
  if (shard !== undefined) return [['shard', `${shard.index} of ${shard.count}, of the run ${shard.run}`]]
  if (merged === undefined) return []
  const missing = merged.missing.length === 0 ? '' : `, without ${merged.missing.join(', ')}`
  return [
    ['shards', `${shards.length} of ${merged.count}, of the run ${merged.run}${missing}`],
    ...shards.map((each): ShardRow => [`shard ${each.shard?.index}`, partText(each)]),
  ]
}

/** `10 publishers, 10 subscribers, sent 300/s, received 300/s, p99 2.10 ms, valid`. */
function partText({ shard, rates, idle, response, acknowledged, verdict }: BenchResult): string {
  const { connections = 0, publishers = 0, subscribers = 0 } = shard?.clients ?? {}
  const p99 = (response ?? acknowledged)?.p99Microseconds
  return [
    ...countedText(publishers, 'publisher'),
    ...countedText(subscribers, 'subscriber'),
    ...countedText(connections, 'connection'),
    ...(idle === undefined ? [] : [`${countText(idle.held)} held`]),
    ...(typeof rates.sent === 'number' ? [`sent ${rateText(rates.sent)}`] : []),
    ...(typeof rates.received === 'number' ? [`received ${rateText(rates.received)}`] : []),
    ...(typeof p99 === 'number' ? [`p99 ${durationText(p99)}`] : []),
    verdict.isValid ? 'valid' : 'NOT VALID',
  ].join(', ')
}
