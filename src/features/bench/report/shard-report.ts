import type { ShardClock } from '../clock-figures.ts'
import type { BenchResult, BenchSecond } from '../events.ts'
import type { BenchSettings, ShardPart } from '../settings.ts'
import type { HeardFigures, OtherShard, SentFigures } from '../shard-figures.ts'
import { settingsMark } from '../shards/settings-mark.ts'

interface ShardFacts {
  readonly sent: readonly SentFigures[]
  readonly heard: readonly HeardFigures[]
  readonly others?: readonly OtherShard[] | undefined
  readonly clocks: readonly ShardClock[]
  readonly seconds: readonly BenchSecond[]
}

/** What a shard says of its part; nothing where there are no shards. */
export function shardReport(
  settings: BenchSettings,
  { sent, heard, others, clocks, seconds }: ShardFacts,
): Pick<BenchResult, 'shard' | 'seconds'> {
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
      ...(others && { others }),
      ...(clocks.length > 0 && { clocks }),
    },
    seconds: seconds.map(({ response: _, service: __, observed: ___, ...figures }) => figures),
  }
}

/** Publishers and idle connections are numbered alike; a subscriber's number says where there is nobody else. */
function firstClient({ clients }: BenchSettings, { connections, publishers, subscribers }: ShardPart): number {
  const [first = 0] = [connections, publishers, subscribers].flatMap(({ numbers }) => numbers.slice(0, 1))
  return (clients.firstNumber ?? 0) + first
}
