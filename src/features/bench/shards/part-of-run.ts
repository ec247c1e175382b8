import { MqttCliError } from '../../../errors.ts'
import { LoadTopics } from '../naming/load-topics.ts'
import type { BenchSettings, RunEnd, ShardPart, ShardSettings, ShardSide } from '../settings.ts'
import { blockOf, groupedSide, sideOf } from './shard-sides.ts'

/**
 * What of a whole run is this shard's: all shards together are the run. Throws kind 'usage' where one of them would have
 * nothing to do. The settings as they are where there are no shards.
 */
export function partOfRun(settings: BenchSettings, runName: string): BenchSettings {
  const { shard } = settings
  if (shard === undefined) return settings
  refuseIdleShards(settings, shard, runName)
  const part = partOf(settings, shard, runName)
  return {
    ...settings,
    part,
    connections: part.connections.numbers.length,
    publishers: part.publishers.numbers.length,
    subscribers: part.subscribers.numbers.length,
    end: endOf(settings, part),
    connection: { ...settings.connection, ...inflightOf(settings, shard) },
  }
}

function partOf(settings: BenchSettings, shard: ShardSettings, runName: string): ShardPart {
  const { connections, publishers, subscribers } = settings
  return {
    ...shard,
    whole: { connections, publishers, subscribers },
    connections: sideOf(connections, shard),
    publishers: sideOf(publishers, shard),
    subscribers: subscribersOf(settings, shard, runName),
  }
}

/** Apart, each shard has the subscribers whose publishers the one before it has. */
function subscribersOf(settings: BenchSettings, shard: ShardSettings, runName: string): ShardSide {
  const { subscribers, share } = settings
  if (share === undefined) {
    return sideOf(subscribers, shard.isPaired ? shard : { ...shard, index: (shard.index % shard.count) + 1 })
  }
  const topics = new LoadTopics(settings, runName)
  const filters = Array.from({ length: subscribers }, (_, number) => topics.filterOf(number))
  return groupedSide(filters, shard)
}

/** Publishers have their part of the messages by number. Who only subscribes waits for its own part of what comes. */
function endOf({ end, publishers, subscribers }: BenchSettings, part: ShardPart): RunEnd {
  if (end.by === 'duration' || publishers > 0 || subscribers === 0) return end
  const { size } = blockOf(end.count, part)
  return { by: 'messages', count: size }
}

/** At QoS 0 a window is that of all publishers together; else each has its own. */
function inflightOf({ qos, load, connection: { inflightMaximum } }: BenchSettings, shard: ShardSettings) {
  if (inflightMaximum === undefined || qos > 0 || load.mode !== 'saturate') return {}
  return { inflightMaximum: Math.max(1, blockOf(inflightMaximum, shard).size) }
}

function refuseIdleShards(settings: BenchSettings, shard: ShardSettings, runName: string): void {
  const every = Array.from({ length: shard.count }, (_, index) =>
    partOf(settings, { ...shard, index: index + 1 }, runName),
  )
  const idle = every.findIndex(({ connections, publishers, subscribers }) => {
    return connections.numbers.length + publishers.numbers.length + subscribers.numbers.length === 0
  })
  if (idle === -1) return
  throw new MqttCliError('usage', `shard ${idle + 1} of ${shard.count} would have no client`, {
    layer: 'command line',
    tries: ['fewer shards, or more clients'],
  })
}
