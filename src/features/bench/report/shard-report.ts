import { createHash } from 'node:crypto'
import type { BenchSettings, ShardPart } from '../settings.ts'
import type { HeardFigures, SentFigures, ShardFigures } from '../shard-figures.ts'

/** What a shard says of its part; nothing where there are no shards. */
export function shardReport(
  settings: BenchSettings,
  { sent, heard }: { readonly sent: readonly SentFigures[]; readonly heard: readonly HeardFigures[] },
): { readonly shard?: ShardFigures } {
  const { part, connections, publishers, subscribers } = settings
  if (part === undefined) return {}
  const { index, count, run, whole } = part
  return {
    shard: {
      index,
      count,
      run,
      settings: settingsMark(settings, part),
      firstClient: firstClient(settings, part),
      clients: { connections, publishers, subscribers },
      whole,
      sent,
      heard,
    },
  }
}

/** Publishers and idle connections are numbered alike; a subscriber's number says where there is nobody else. */
function firstClient({ clients }: BenchSettings, { connections, publishers, subscribers }: ShardPart): number {
  const [first = 0] = [connections, publishers, subscribers].flatMap(({ numbers }) => numbers.slice(0, 1))
  return (clients.firstNumber ?? 0) + first
}

/** What all shards must have been asked alike, or their results would be of different runs. */
function settingsMark(settings: BenchSettings, { whole, count, isPaired }: ShardPart): string {
  const { mode, clients, load, warmupMs, connectRatePerSecond, qos, retain, payloadBytes, topic, filter, share } =
    settings
  const { end, churns } = settings
  const asked = [
    [mode, load, warmupMs, String(connectRatePerSecond), qos, retain, payloadBytes, churns],
    end.by === 'duration' ? end.milliseconds : 'messages', // of them each has a part
    [whole.connections, whole.publishers, whole.subscribers, count, isPaired],
    [topic, filter ?? '', share ?? '', clients.clientId, clients.firstNumber ?? 0],
  ]
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16)
}
