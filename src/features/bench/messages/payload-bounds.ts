import { publisherNames } from '../naming/client-settings.ts'
import type { BenchSettings } from '../settings.ts'
import { templateBounds } from './template-bounds.ts'

/** The names of so many publishers are looked at: those beyond have names like theirs. */
const mostPublishers = 10_000

/** The settings with the size of the smallest and the largest payload that their file or template can make. */
export function withPayloadBounds(settings: BenchSettings, runName: string): BenchSettings {
  const { payload, publishers } = settings
  if (payload === undefined) return settings
  if (payload.from === 'file') return { ...settings, payloadBytes: [payload.bytes.length, payload.bytes.length] }
  const last = publishers - 1
  const looked = Array.from({ length: Math.min(publishers, mostPublishers) }, (_, index) => index).concat(last)
  const bounds = looked.map((publisher) =>
    templateBounds(payload.pieces, publisherNames(settings, publisher, runName), highestSequence(settings)),
  )
  return {
    ...settings,
    payloadBytes: [Math.min(...bounds.map(([least]) => least)), Math.max(...bounds.map(([, most]) => most))],
  }
}

/** Where time ends the run, as high as numbers of messages go. */
function highestSequence({ end, publishers }: BenchSettings): number {
  return end.by === 'messages' ? Math.ceil(end.count / Math.max(1, publishers)) - 1 : Number.MAX_SAFE_INTEGER
}
