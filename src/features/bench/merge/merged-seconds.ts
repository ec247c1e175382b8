import type { SecondFigures } from '../events.ts'
import type { ShardResult } from './shard-results.ts'

/** The same second of all shards, each counted since its own load began: they began together. */
export function mergedSeconds(shards: readonly ShardResult[]): SecondFigures[] {
  const merged = new Map<string, SecondFigures>()
  for (const each of shards.flatMap(({ seconds = [] }) => seconds)) {
    const key = `${each.phase} ${Math.round(each.second)}`
    const before = merged.get(key)
    merged.set(key, before === undefined ? each : sumOf(before, each))
  }
  return [...merged.values()].sort((a, b) => a.second - b.second || phases.indexOf(a.phase) - phases.indexOf(b.phase))
}

const phases: readonly SecondFigures['phase'][] = ['connect', 'warmup', 'measure', 'drain']

function sumOf(one: SecondFigures, other: SecondFigures): SecondFigures {
  const marks = [...(one.marks ?? []), ...(other.marks ?? [])]
  return {
    phase: one.phase,
    second: Math.max(one.second, other.second),
    offered: one.offered + other.offered,
    sent: one.sent + other.sent,
    acked: one.acked + other.acked,
    received: one.received + other.received,
    outstanding: one.outstanding + other.outstanding,
    payloadBytes: one.payloadBytes + other.payloadBytes,
    connected: one.connected + other.connected,
    cpu: Math.round((one.cpu + other.cpu) * 1000) / 1000,
    loopDelayMaxMicroseconds: Math.max(one.loopDelayMaxMicroseconds, other.loopDelayMaxMicroseconds),
    ...(marks.length > 0 && { marks: marks.sort() }),
  }
}
