import type { ProtocolVersion } from '../../../protocol/wire/packet.ts'
import { type BenchContext, runNameOf } from '../bench-context.ts'
import type { RetainedFigures } from '../events.ts'
import { beside } from '../naming/beside-client.ts'
import { filterOfAll } from '../naming/expand-placeholders.ts'
import type { SentFigures } from '../shard-figures.ts'
import { clearRetained } from './clear-retained.ts'
import { retainedTopics } from './retained-topics.ts'

/** Clears up what the publishers of this run left behind. */
export async function clearRetainedOfRun(
  context: BenchContext,
  sent: readonly SentFigures[],
  version: ProtocolVersion,
): Promise<RetainedFigures> {
  const { settings } = context
  const runName = runNameOf(context)
  const messages = sent.map(({ publisher, warmup, measured }) => ({ publisher, messages: warmup + measured }))
  const topics = new Set(retainedTopics(settings, runName, messages))
  if (topics.size === 0) return { topics: 0, cleared: 0, refused: 0, left: 0 }
  const own = { ...beside(settings, runName, 'clear'), version }
  return clearRetained({ settings: own, topics, filter: filterOfAll(settings.topic) })
}
