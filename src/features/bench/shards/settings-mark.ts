import { createHash } from 'node:crypto'
import type { BenchSettings, ShardPart } from '../settings.ts'

/** The same for all shards that were asked for the same load: else their results would be of different runs. */
export function settingsMark(settings: BenchSettings, { whole, count, isPaired }: ShardPart): string {
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
