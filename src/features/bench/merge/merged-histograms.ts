import { LatencyRecorder } from '../counters/latency-recorder.ts'
import type { BenchResult, LatencyFigures } from '../events.ts'
import type { ShardResult } from './shard-results.ts'

type Encoded = BenchResult['histograms']
type Name = Exclude<keyof Encoded, 'storms'>

const names: readonly Name[] = [
  'response',
  'service',
  'connect',
  'subscribed',
  'slow',
  'outages',
  'acknowledged',
  'acknowledgedService',
  'sendDelay',
  'loopDelay',
]

/** From one machine to another, maybe. */
const ofTwoClocks: readonly Name[] = ['response', 'service', 'slow']

/** All shards' times in one distribution each, and what that says. */
export interface EncodedHistograms {
  readonly encoded: Encoded
  readonly figures: Readonly<Partial<Record<Name, LatencyFigures>>>
  readonly storms: readonly LatencyFigures[]
}

export function mergedHistograms(shards: readonly ShardResult[]): EncodedHistograms {
  const all = shards.map(({ histograms }) => histograms)
  const told = shards.some(hasUntoldTimes) ? names.filter((name) => !ofTwoClocks.includes(name)) : names
  const found = told.flatMap((name) => {
    const recorder = added(all.flatMap((each) => each[name] ?? []))
    return recorder === undefined ? [] : [[name, recorder] as const]
  })
  const storms = stormsOf(all)
  return {
    encoded: {
      ...Object.fromEntries(found.map(([name, recorder]) => [name, recorder.encoded()])),
      ...(storms.length > 0 && { storms: storms.map((each) => each.encoded()) }),
    },
    figures: Object.fromEntries(found.map(([name, recorder]) => [name, recorder.figures])),
    storms: storms.map((each) => each.figures),
  }
}

/** Its clock left too much open, or ran apart: of the others alone the run's percentiles would be those of some messages. */
function hasUntoldTimes({ response, arrivals }: ShardResult): boolean {
  return response?.count === 0 && (arrivals?.received ?? 0) > 0
}

/** The nth storm of all shards. */
function stormsOf(all: readonly Encoded[]): readonly LatencyRecorder[] {
  const most = Math.max(0, ...all.map(({ storms = [] }) => storms.length))
  return Array.from({ length: most }, (_, index) =>
    added(all.flatMap(({ storms = [] }) => storms[index] ?? [])),
  ).filter((each) => each !== undefined)
}

function added(encoded: readonly string[]): LatencyRecorder | undefined {
  if (encoded.length === 0) return undefined
  const recorder = new LatencyRecorder()
  for (const each of encoded) recorder.add(each)
  return recorder
}
